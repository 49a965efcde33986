"""What the API of figures is asked and answers."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from grid.choices import UnitKind

from .models import IndicatorVersion
from .selectors.figures import Value

MOST_CODES = 30
CODE = re.compile(r"[a-z0-9_]{1,40}")


class CodesField(serializers.CharField):
    """Codes with commas between them."""

    def to_internal_value(self, data) -> tuple[str, ...]:
        """Return the codes, each once."""
        codes = tuple(dict.fromkeys(super().to_internal_value(data).split(",")))
        if len(codes) > MOST_CODES or not all(CODE.fullmatch(code) for code in codes):
            raise serializers.ValidationError(_("Codes of indicators with commas between them, at most 30."))
        return codes


class DayQuery(serializers.Serializer):
    """The day whose definitions are asked for."""

    on = serializers.DateField(required=False, help_text="Today when left out.")


class PlaceQuery(serializers.Serializer):
    """Where and when."""

    area = serializers.CharField(max_length=20, required=False, help_text="Official code; left out: the widest open.")
    unit = serializers.SlugField(max_length=60, required=False, help_text="Code of a unit at home in the area.")
    first = serializers.DateField()
    last = serializers.DateField()
    indicators = CodesField(max_length=1300, required=False, help_text="Codes with commas; left out: all.")

    def validate(self, attrs: dict) -> dict:
        """Refuse a time that ends before it begins, or is longer than the roll-ups answer at once."""
        if attrs["first"] > attrs["last"]:
            raise serializers.ValidationError({"last": _("The time ends before it begins.")})
        if (attrs["last"] - attrs["first"]).days >= self.most_days or attrs["first"].year < 2000:
            raise serializers.ValidationError({"first": _("The time is too long, or lies before 2000.")})
        return attrs

    most_days = 1830


class ValuesQuery(PlaceQuery):
    """The values of a time; with `compare` also those of the time before and of the year before."""

    compare = serializers.BooleanField(required=False, default=False)


class SeriesQuery(PlaceQuery):
    """Day by day."""

    most_days = 400


class RankingQuery(PlaceQuery):
    """One indicator, place by place."""

    unit = None
    indicators = None  # type: ignore[assignment]  # takes the inherited field away
    indicator = serializers.RegexField(CODE, max_length=40)
    of = serializers.ChoiceField(["areas", "communities", "units"], default="areas")
    kind = serializers.ChoiceField(UnitKind.choices, required=False, help_text="Of units: which kind.")
    minimum = serializers.IntegerField(min_value=0, max_value=10_000_000, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class IndicatorSerializer(serializers.Serializer):
    """An indicator as it is defined on a day."""

    code = serializers.CharField()
    group = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    version = serializers.IntegerField()
    effective_from = serializers.DateField()
    measure = serializers.CharField(help_text="count, percent, hours or times.")
    better = serializers.CharField(help_text="higher, lower or none.")
    target = serializers.FloatField(allow_null=True)
    formula = serializers.CharField()
    formula_en = serializers.CharField()
    numerator = serializers.ListField(child=serializers.CharField())
    denominator = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()


class ValueSerializer(serializers.Serializer):
    """One value; null where there is nothing to divide."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField()
    denominator = serializers.FloatField()
    is_good = serializers.BooleanField(allow_null=True, help_text="Whether the target is reached.")
    before = serializers.FloatField(allow_null=True, required=False, help_text="环比: the time just before.")
    year_before = serializers.FloatField(allow_null=True, required=False, help_text="同比: the year before.")


class PlaceSerializer(serializers.Serializer):
    """Where and when an answer is about, and how fresh the figures are."""

    area = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    first = serializers.DateField()
    last = serializers.DateField()
    refreshed_at = serializers.DateTimeField(allow_null=True)


class ValuesSerializer(PlaceSerializer):
    """The values of a time."""

    results = ValueSerializer(many=True)


class DaySerializer(serializers.Serializer):
    """The values of a day: code → value."""

    day = serializers.DateField()
    values = serializers.DictField(child=serializers.FloatField(allow_null=True))


class SeriesSerializer(PlaceSerializer):
    """Day by day; days on which nothing was posted are in it."""

    results = DaySerializer(many=True)


class RankSerializer(serializers.Serializer):
    """A place in the order."""

    rank = serializers.IntegerField(allow_null=True, help_text="null where there is no value.")
    code = serializers.CharField(help_text="Official code of the area, code of the unit.")
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField()
    denominator = serializers.FloatField()


class RankingSerializer(PlaceSerializer):
    """One indicator, best first; of the indicators that know no better, highest first."""

    indicator = serializers.CharField()
    whole = ValueSerializer()
    results = RankSerializer(many=True)


def indicator_data(code: str, version: IndicatorVersion) -> dict:
    """Return what IndicatorSerializer describes."""
    indicator = version.indicator
    return {
        "code": code,
        "group": indicator.group,
        "name": indicator.name,
        "name_en": indicator.name_en,
        "version": version.number,
        "effective_from": version.effective_from.isoformat(),
        "measure": version.measure,
        "better": version.better,
        "target": None if version.target is None else float(version.target),
        "formula": version.formula,
        "formula_en": version.formula_en,
        "numerator": version.numerator,
        "denominator": version.denominator,
        "source": version.source,
    }


def value_data(code: str, value: Value) -> dict:
    """Return what ValueSerializer describes, without the comparison."""
    return {
        "code": code,
        "version": value.version.number,
        "value": rounded(value),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "is_good": value.is_good,
    }


def rounded(value: Value | None) -> float | None:
    """Return a value with four places, which is more than anybody shows."""
    return None if value is None or value.value is None else round(value.value, 4)


def days_between(first: date, last: date) -> list[date]:
    """Return the days from first to last, both included."""
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]

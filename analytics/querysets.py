"""Filters of what analytics keeps."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from grid.querysets import ScopedQuerySet

from .choices import Dimension, FindingState
from .parts import CODES, Part, key_of


class FindingQuerySet(ScopedQuerySet):
    """Findings of the quality radar."""

    def still_found(self):
        """Leave out what is no longer found."""
        return self.exclude(state=FindingState.GONE)


class CasePostingQuerySet(models.QuerySet):
    """Postings of cases."""

    def counting_for(self, part: Part, day: date):
        """Keep the cases that count for a part on a day."""
        return self.filter(keys__contains=[key_of(part, day)])

    def by_unit(self, key: int, unit_id: int):
        """Keep the cases where this very unit stands beside a key."""
        beside = Func(
            F("keys"), F("units"), output_field=models.BooleanField(),
            template="EXISTS (SELECT FROM unnest(%(expressions)s) one(key, unit_id)"
            f" WHERE one.key = {int(key)} AND one.unit_id = {int(unit_id)})",
        )  # fmt: skip
        return self.filter(units__contains=[unit_id]).filter(beside)


class PartSums(Func):
    """The sums of all parts side by side: Django needs longer to write forty sums than the database to add them up."""

    contains_aggregate = True
    template = f"ARRAY[{', '.join(f'sum({code})' for code in CODES)}]::bigint[]"

    def __init__(self):
        super().__init__(output_field=ArrayField(models.BigIntegerField()))

    def get_group_by_cols(self):
        """Return nothing: it is summed, not grouped by."""
        return []


class FiguresQuerySet(models.QuerySet):
    """Roll-ups of days or months."""

    def of(self, dimension: Dimension, scopes, first: date, last: date):
        """Keep one dimension, the scopes named, and the periods that begin in the time named."""
        return self.filter(dimension=dimension, scope_id__in=scopes, period__gte=first, period__lte=last)

    def sums(self, *names: str):
        """Return rows of these columns, whether out of rankings, and the sums of the parts in the order of CODES."""
        rows = self.order_by().values(*names, "is_excluded").annotate(sums=PartSums())
        return rows.values_list(*names, "is_excluded", "sums")

    def ranked(self):
        """Leave out law enforcement and mediation."""
        return self.filter(is_excluded=False)


class IndicatorVersionQuerySet(models.QuerySet):
    """Versions of indicators."""

    def in_force(self, day: date):
        """Keep, for each indicator in use, the version in force on a day."""
        newest = self.model._base_manager.filter(indicator=models.OuterRef("indicator"), effective_from__lte=day)
        first = newest.order_by("-effective_from").values("pk")[:1]
        return self.filter(Q(indicator__is_active=True), pk=models.Subquery(first)).select_related("indicator")


class ReportQuerySet(ScopedQuerySet):
    """Reports of figures."""

    def about(self, kind: str, area_id: int, unit_id: int | None, first: date):
        """Keep the editions of one report."""
        return self.filter(kind=kind, area=area_id, unit=unit_id, first=first)


class SubscriptionQuerySet(models.QuerySet):
    """Subscriptions of reports."""

    def waiting_for(self, kind: str, first: date):
        """Keep those of a kind whose report of the time that begins on `first` was not made."""
        reports = self.model._meta.apps.get_model("analytics", "Report")._base_manager
        of_area = reports.filter(kind=kind, first=first, area=models.OuterRef("area"), unit=None)
        of_unit = reports.filter(kind=kind, first=first, unit=models.OuterRef("unit"))
        made = Q(models.Exists(of_area), unit=None) | Q(models.Exists(of_unit), unit__isnull=False)
        return self.filter(kind=kind).exclude(made)


class ThemeQuerySet(ScopedQuerySet):
    """Special themes."""

    def running(self):
        """Keep those that are under way."""
        return self.filter(state="running")


class AssessmentSchemeQuerySet(models.QuerySet):
    """Schemes of the assessment."""

    def in_force(self, day: date):
        """Keep, for each code, the row in force on a day."""
        newest = self.model._base_manager.filter(code=models.OuterRef("code"), effective_from__lte=day)
        return self.filter(pk=models.Subquery(newest.order_by("-effective_from").values("pk")[:1])).order_by(
            "order", "code"
        )


class ExclusionRequestQuerySet(ScopedQuerySet):
    """Requests that a case does not count."""

    def undecided(self):
        """Keep those that wait."""
        return self.filter(state="open")

    def agreed(self, month: date):
        """Keep those of a month that were agreed to."""
        return self.filter(state="agreed", month=month)


class WarningQuerySet(ScopedQuerySet):
    """Early warnings."""

    def live(self):
        """Keep those that wait for a verdict, an action or an end."""
        return self.filter(state__in=("open", "accepted", "acted"))

    def judged_since(self, moment):
        """Keep those with a verdict since then."""
        return self.filter(judged_at__gte=moment)

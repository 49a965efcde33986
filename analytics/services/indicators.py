"""The catalogue of indicators: what a file brings, and new versions by administrators. No version is ever changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import Better, IndicatorGroup, Measure
from analytics.models import Indicator, IndicatorVersion
from analytics.parts import BY_CODE
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined


@dataclass(frozen=True)
class Definition:
    """What a version says. The parts are codes of analytics/parts.py, the weights those of other indicators."""

    formula: str
    formula_en: str
    source: str
    measure: str
    numerator: list[str] = field(default_factory=list)
    denominator: list[str] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    is_ranked_only: bool = False
    better: str = Better.HIGHER.value
    target: Decimal | None = None


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with one version, as a file gives them."""

    code: str
    group: str
    name: str
    name_en: str
    order: int
    owner: str
    effective_from: date
    definition: Definition


@transaction.atomic
def load_indicators(rows: Iterable[IndicatorRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the indicators and versions that are missing; what is there stays, a version even with `overwrite`."""
    access.require_administration(by, None)
    known = {one.code: one for one in Indicator.objects.select_for_update()}
    told = []
    for row in rows:
        indicator = known.get(row.code)
        if indicator is None or overwrite:
            indicator = known[row.code] = _keep_indicator(indicator, row, by=by, now=now)
        if not indicator.versions.filter(effective_from=row.effective_from).exists():
            told.append(str(_add_version(indicator, row.definition, row.effective_from, by=by, now=now)))
    return told


@transaction.atomic
def publish_version(
    indicator_id: int, definition: Definition, *, effective_from: date, by: Actor, now: datetime
) -> IndicatorVersion:
    """Say what an indicator means from the first day of a coming month on. Months that began keep what they had."""
    indicator = Indicator.objects.select_for_update().get(pk=indicator_id)
    access.require_administration(by, None)
    if effective_from.day != 1 or effective_from <= timezone.localdate(now):
        text = _("A new meaning begins with a month that has not begun: choose its first day.")
        raise BadInput(text, field="effective_from")
    if indicator.versions.filter(effective_from__gte=effective_from).exists():
        raise BadInput(_("There is a version from that day on, or a later one, already."), field="effective_from")
    return _add_version(indicator, definition, effective_from, by=by, now=now)


def check_definition(given: Definition, code: str = "") -> None:
    """Raise BadInput, naming the field, for what cannot be computed."""
    known = set(Indicator.objects.values_list("code", flat=True))
    for name, codes, allowed in (
        ("numerator", given.numerator, BY_CODE.keys()),
        ("denominator", given.denominator, BY_CODE.keys()),
        ("weights", given.weights, known - {code}),
    ):
        if unknown := [one for one in codes if one not in allowed]:
            raise BadInput(_("Not in the list of parts: %(names)s") % {"names": joined(unknown)}, field=name)
    if bool(given.weights) == bool(given.numerator):
        raise BadInput(_("Give either parts to count or weights of other indicators."), field="numerator")
    if any(weight <= 0 for weight in given.weights.values()):
        raise BadInput(_("Weights must be above nought."), field="weights")
    if given.measure not in Measure.values:
        raise BadInput(_("Choose what it is told in."), field="measure")
    if given.numerator and (given.measure == Measure.COUNT) == bool(given.denominator):
        raise BadInput(_("A count has no denominator; everything else has one."), field="denominator")


def _keep_indicator(known: Indicator | None, row: IndicatorRow, *, by: Actor, now: datetime) -> Indicator:
    if row.group not in IndicatorGroup.values:
        raise BadInput(_("Unknown group: %(group)s") % {"group": row.group}, field="group")
    indicator = known or Indicator(code=row.code)
    for name in ("group", "name", "name_en", "order", "owner"):
        setattr(indicator, name, getattr(row, name))
    indicator.save()
    audit.record("indicator.changed", indicator, by=by, now=now, changes={"name": row.name, "owner": row.owner})
    return indicator


def _add_version(
    indicator: Indicator, given: Definition, effective_from: date, *, by: Actor, now: datetime
) -> IndicatorVersion:
    check_definition(given, indicator.code)
    newest = indicator.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = IndicatorVersion.objects.create(
        indicator=indicator, number=newest + 1, effective_from=effective_from, published_at=now,
        published_by=by.name[:120], **vars(given),
    )  # fmt: skip
    facts = {"number": version.number, "effective_from": str(effective_from), "formula": given.formula}
    audit.record("indicator.version_published", version, by=by, now=now, changes=facts)
    return version

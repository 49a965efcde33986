"""Assessment schemes and grounds for exclusions: shipped as data, entered by administrators. No scheme is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import Measure, PlaceKind
from analytics.models import AssessmentScheme, ExclusionGround, IndicatorVersion
from analytics.parts import BY_CODE
from grid import access
from grid.choices import Level, UnitKind
from grid.services.reference import Reference, load_rows, save_row
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text, joined

GROUNDS = Reference(ExclusionGround, key="code", action="exclusion_ground.changed", label="name")
MOST_INDICATORS = 12  # columns that a table can show
# What is never shown without the other: a share of the satisfied says nothing without the share of those asked.
BESIDE = {"satisfaction": "evaluated"}


@dataclass(frozen=True)
class SchemeRow:
    """A scheme as the file or a form gives it."""

    code: str
    name: str
    name_en: str
    place: str
    level: int
    unit_kind: str
    weights: Mapping[str, float]
    counted_by: str
    minimum: int
    order: int
    effective_from: date
    source: str
    is_sample: bool = False


@dataclass(frozen=True)
class GroundRow:
    """A ground as the file or a form gives it."""

    code: str
    name: str
    name_en: str
    order: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_schemes(rows: Iterable[SchemeRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the schemes that are missing; what is there stays, even with `overwrite`."""
    access.require_administration(by, None)
    known = set(AssessmentScheme.objects.values_list("code", "effective_from"))
    fresh = [row for row in rows if (row.code, row.effective_from) not in known]
    return [f"+ {_add(row, by=by, now=now)}" for row in fresh]


@transaction.atomic
def add_scheme(row: SchemeRow, *, by: Actor, now: datetime) -> AssessmentScheme:
    """Enter a scheme, or a new meaning of one, from a month on that has not begun."""
    access.require_administration(by, None)
    if row.effective_from <= timezone.localdate(now):
        text = _("A scheme begins with a month that has not begun: choose its first day.")
        raise BadInput(text, field="effective_from")
    if AssessmentScheme.objects.filter(code=row.code, effective_from__gte=row.effective_from).exists():
        raise BadInput(_("There is a scheme from that day on, or a later one, already."), field="effective_from")
    return _add(row, by=by, now=now)


@transaction.atomic
def load_grounds(rows: Iterable[GroundRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the grounds that are missing; see `reference.load_rows`."""
    return load_rows(GROUNDS, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_ground(row: GroundRow, *, by: Actor, now: datetime) -> ExclusionGround:
    """Add or change one ground."""
    return save_row(GROUNDS, row, by=by, now=now)


def check_scheme(row: SchemeRow) -> None:
    """Raise BadInput, naming the field, for what cannot be ranked."""
    for name, most in (("code", 30), ("name", 60), ("name_en", 80), ("source", 120)):
        if not checked_text(getattr(row, name), most, field=name):
            raise BadInput(_("%(field)s must not be empty.") % {"field": name}, field=name)
    if row.place not in PlaceKind.values or row.level not in Level.values:
        raise BadInput(_("Choose what is ranked, and of which level."), field="place")
    if (row.place == PlaceKind.UNIT) != (row.unit_kind in UnitKind.values):
        raise BadInput(_("Units are ranked by their kind; areas have none."), field="unit_kind")
    if row.counted_by not in BY_CODE:
        raise BadInput(_("Not in the list of parts: %(names)s") % {"names": row.counted_by}, field="counted_by")
    if row.effective_from.day != 1:
        raise BadInput(_("A scheme begins with the first day of a month."), field="effective_from")
    _check_weights(row.weights)


def _check_weights(weights: Mapping[str, float]) -> None:
    if not isinstance(weights, Mapping) or not all(_is_weight(weight) for weight in weights.values()):
        raise BadInput(_("Give indicator codes with weights from 0 to 1000."), field="weights")
    if not 0 < len(weights) <= MOST_INDICATORS or not any(weights.values()):
        text = _("Give from one to %(most)s indicators, one of them with a weight.")
        raise BadInput(text % {"most": MOST_INDICATORS}, field="weights")
    rates = IndicatorVersion.objects.filter(measure=Measure.PERCENT, weights={}).exclude(better="none")
    known = set(rates.values_list("indicator__code", flat=True))
    if unknown := [code for code in weights if code not in known]:
        text = _("Only rates with parts of their own can be weighed: %(names)s")
        raise BadInput(text % {"names": joined(unknown)[:200]}, field="weights")
    for code, beside in BESIDE.items():
        if code in weights and beside not in weights:
            text = _("“%(code)s” is always shown with “%(beside)s”: add it, with the weight 0 if it does not count.")
            raise BadInput(text % {"code": code, "beside": beside}, field="weights")


def _is_weight(weight: object) -> bool:
    return isinstance(weight, int | float) and not isinstance(weight, bool) and 0 <= weight <= 1000


def _add(row: SchemeRow, *, by: Actor, now: datetime) -> AssessmentScheme:
    check_scheme(row)
    scheme = AssessmentScheme.objects.create(**asdict(row))
    facts = {"weights": dict(row.weights), "minimum": row.minimum, "effective_from": str(row.effective_from)}
    audit.record("assessment.scheme_added", scheme, by=by, now=now, changes=facts)
    return scheme

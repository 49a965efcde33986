"""Corrections of a frozen month: postings in the open, with sign and reason, beside what was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.models import AssessmentMonth, Correction
from analytics.selectors.ledger.frozen import frozen_bases
from analytics.workflow import ASSESSMENT
from grid.models import Area, Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .months import lock_month, require_keeper

MOST = 1_000_000


@dataclass(frozen=True)
class NewCorrection:
    """What is to be put right: of a unit or an area, at one indicator, by how much; `case_number` where it is one."""

    indicator: str
    numerator: int
    denominator: int
    reason: str
    unit_id: int | None = None
    area_id: int | None = None
    case_number: str = ""


@transaction.atomic
def correct(month: date, given: NewCorrection, *, by: Actor, now: datetime) -> Correction:
    """Post a correction of a frozen month. Raises IllegalMove before the freeze, BadInput naming the field."""
    row = lock_month(month, now=now)
    require_keeper(by)
    ASSESSMENT.check("correct", row)
    return post_correction(row, given, by=by, now=now)


def post_correction(row: AssessmentMonth, given: NewCorrection, *, by: Actor, now: datetime) -> Correction:
    """Write a correction; the caller holds the frozen month."""
    if given.indicator not in {column.code for basis in frozen_bases(row) for column in basis.columns}:
        raise BadInput(_("This indicator did not count in that month."), field="indicator")
    for name in ("numerator", "denominator"):
        if abs(getattr(given, name)) > MOST:
            raise BadInput(_("At most %(most)s are possible.") % {"most": f"{MOST:,}"}, field=name)
    if not (given.numerator or given.denominator):
        raise BadInput(_("A correction adds or takes away something."), field="numerator")
    reason = checked_text(given.reason, 500, field="reason")
    if not reason:
        raise BadInput(_("Give the reason."), field="reason")
    unit = Unit.objects.filter(pk=given.unit_id).select_related("home_area").first() if given.unit_id else None
    area = Area.objects.filter(pk=given.area_id).first() if given.area_id else unit.home_area if unit else None
    if area is None:
        raise BadInput(_("Say which unit or area is corrected."), field="unit_id")
    made = Correction.objects.create(
        month=row, indicator=given.indicator, unit=unit, area=area, place_name=(unit or area).name,
        case_number=checked_text(given.case_number, 40, field="case_number"), numerator=given.numerator,
        denominator=given.denominator, reason=reason, made_at=now, made_by=by.name[:120],
    )  # fmt: skip
    facts = {"indicator": given.indicator, "numerator": given.numerator, "denominator": given.denominator}
    facts |= {"place": made.place_name, "case": made.case_number}
    audit.record("assessment.corrected", row, by=by, now=now, changes=facts, note=reason)
    return made

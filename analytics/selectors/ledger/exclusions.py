"""Requests for exclusions as somebody sees them, and what a case counted for at a unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from analytics.models import AssessmentMonth, CasePosting, ExclusionFile, ExclusionRequest, FrozenPosting
from analytics.parts import read_key
from analytics.workflow import EXCLUSION
from grid import access
from grid.access import grants_of
from shenzhen_gov.core.actor import Actor

from .frozen import frozen_bases
from .live import bases_for
from .tables import Basis, Column

DECIDERS = EXCLUSION.moves["agree"].acts


@dataclass(frozen=True)
class Amounts:
    """What a case counted for an indicator at a unit."""

    numerator: int
    denominator: int
    area_id: int | None


def bases_of(row: AssessmentMonth) -> list[Basis]:
    """Return the schemes of a month: as they were frozen, else those in force."""
    return frozen_bases(row) if row.is_frozen else bases_for(row.month)


def columns_of(bases: list[Basis]) -> dict[str, Column]:
    """Return code → column, each indicator once."""
    found: dict[str, Column] = {}
    for basis in bases:
        for column in basis.columns:
            found.setdefault(column.code, column)
    return found


def amounts_of(row: AssessmentMonth, case_id: int, unit_id: int, indicator: str) -> Amounts | None:
    """Return what a case counted for an indicator at a unit in a month; None when it did not."""
    column = columns_of(bases_of(row)).get(indicator)
    rows = FrozenPosting.objects.filter(month=row) if row.is_frozen else CasePosting.objects.all()
    posting = rows.filter(case_id=case_id).first()
    if column is None or posting is None:
        return None
    counted: dict[str, int] = {}
    for key, unit, amount in zip(posting.keys, posting.units, posting.amounts, strict=True):
        part, day = read_key(key)
        if unit == unit_id and day.replace(day=1) == row.month:
            counted[part.code] = counted.get(part.code, 0) + amount
    numerator = sum(counted.get(code, 0) for code in column.numerator)
    denominator = sum(counted.get(code, 0) for code in column.denominator)
    is_out = f"{indicator}@{unit_id}" in (getattr(posting, "left_out", None) or ())
    if is_out or not (numerator or denominator) or (column.is_ranked_only and posting.is_excluded):
        return None
    return Amounts(numerator, denominator, posting.area_id)


def list_requests(user) -> QuerySet[ExclusionRequest]:
    """Return the requests in sight, with what a row shows."""
    return ExclusionRequest.objects.visible_to(user).select_related(
        "unit__home_area", "case", "indicator", "ground", "correction"
    )


def get_request(user, pk: int) -> ExclusionRequest | None:
    """Return one request in sight, or None."""
    return list_requests(user).filter(pk=pk).first()


def get_file(user, pk: int) -> ExclusionFile | None:
    """Return evidence of a request in sight, or None."""
    return ExclusionFile.objects.filter(pk=pk, request__in=ExclusionRequest.objects.visible_to(user)).first()


def why_not_decide(request: ExclusionRequest, by: Actor) -> str | None:
    """Return None when `by` keeps the assessment above the unit that asked and did not ask, else the reason."""
    if why := access.why_not(by, DECIDERS, request):
        return why
    if by.user is not None and request.asker_id == by.user.pk:
        return _("Who asked does not decide.")
    held = [grant.unit_path for grant in grants_of(by.user).rows if grant.act in DECIDERS]
    if not any(request.unit.path.startswith(path) and request.unit.path != path for path in held):
        return _("This is decided by who keeps the assessment ledger above the unit that asked.")
    return None

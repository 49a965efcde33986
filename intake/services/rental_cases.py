"""A verified case counts for the grade of the rental it is about: somebody who plans the grid's work says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Rental, RentalGrade
from grid.services.rentals import community_of, regrade
from intake.models import Case
from intake.workflow import ARCHIVED, CLOSED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight
from shenzhen_gov.core.texts import checked_text

NUMBER_LENGTH = 40


@transaction.atomic
def count_case_for_rental(
    rental_id: int, number: str, *, points: int, reason: str, by: Actor, now: datetime
) -> RentalGrade:
    """Grade a rental anew for a case that was closed at its place.

    Raises BadInput naming the field: no such case in sight, not closed, of another place; see `regrade` for the rest.
    IllegalMove for a case that was counted before. NotAllowed or OutOfSight for the rental.
    """
    rental = Rental.objects.select_related("building__area", "room").filter(pk=rental_id).first()
    if rental is None:
        raise OutOfSight(_("Not found."))
    access.require(by, Act.MANAGE_GRID, rental)
    case = _closed_case(checked_text(number, NUMBER_LENGTH, field="number"), by)
    if not _is_there(case, rental):
        raise BadInput(_("This case is about another place."), field="number")
    entry = regrade(rental_id, reason=reason, points=points, about=case.number, by=by, now=now)
    if entry is None:
        raise IllegalMove(_("This case was counted already."))
    return entry


def _closed_case(number: str, by: Actor) -> Case:
    case = Case.objects.select_related("area", "holder").filter(number=number).first()
    if case is None or (by.user is not None and not access.can_see(by.user, case)):
        raise BadInput(_("There is no case with this number here."), field="number")
    if case.state not in (CLOSED, ARCHIVED):
        raise BadInput(_("This case is not closed yet."), field="number")
    return case


def _is_there(case: Case, rental: Rental) -> bool:
    """Whether the case lies at the rental: by its house code, or without one in the same community."""
    if case.house_code:
        return case.house_code in (rental.building.code, rental.house_code)
    return case.area is not None and case.area.path.startswith(community_of(rental.building.area).path)

"""Grades between visits: a verified case or a decision makes a grade worse; only a visit makes it better."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act, GradeReason
from grid.models import Rental, RentalGrade
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.texts import checked_text

from .grading import MOST_POINTS, level_for, levels_of, next_due
from .registering import ask_for_plan, lock_rental
from .visiting import REASON_LENGTH, required_scheme, write_grade

MAY_REGRADE = (Act.MANAGE_GRID.value, SYSTEM)
SHORTEST_REASON = 4


@transaction.atomic
def regrade(
    rental_id: int, *, reason: str, points: int, about: str = "", by: Actor, now: datetime
) -> RentalGrade | None:
    """Add points to a rental for a reason; `about` is the number of a verified case, which counts once.

    Returns the entry of the history, None for a case that was counted before. A worse grade brings the next visit
    forward. Raises BadInput naming the field: points below 1 (a better grade needs a visit), a reason of another
    length than 4 to 500; NotAllowed or OutOfSight.
    """
    rental = lock_rental(rental_id, by=by)
    access.require(by, MAY_REGRADE, rental)
    reason = checked_text(reason, REASON_LENGTH, field="reason")
    if len(reason) < SHORTEST_REASON:
        raise BadInput(_("Say in 4 to 500 characters why."), field="reason")
    if not 1 <= points <= MOST_POINTS:
        raise BadInput(_("Points are added, 1 to %(most)s; a better grade needs a visit.") % {"most": MOST_POINTS},
                       field="points")  # fmt: skip
    if not rental.is_active:
        raise IllegalMove(_("This is let no longer; say first that it is let again."))
    if about and rental.grades.filter(about=about).exists():
        return None
    return _write(rental, points, reason, about, by, now)


def _write(rental: Rental, points: int, reason: str, about: str, by: Actor, now: datetime) -> RentalGrade:
    """Grade by the scheme of the present grade, so that no new scheme changes a grade without a visit."""
    scheme = rental.level.scheme if rental.level else required_scheme(rental, now)
    levels = levels_of(scheme)
    total = min(rental.points + points, MOST_POINTS)
    by_points, before = level_for(levels, total), rental.level
    if before is None or by_points.from_points > before.from_points:
        level, worse = by_points, True
    else:
        level, worse = before, False
    why = GradeReason.CASE if about else GradeReason.DECISION
    entry = write_grade(rental, level, total, why=why, reason=reason, about=about, by=by, now=now)
    if worse:
        soon = next_due(level, timezone.localdate(now))
        rental.due_on = min(filter(None, (rental.due_on, soon)), default=None)
        ask_for_plan(rental.building.area)
    rental.save()
    facts = {"level": [before and before.code, level.code], "points": total, "case": about}
    audit.record("rental.regraded", rental, by=by, now=now, changes=facts, note=reason)
    return entry

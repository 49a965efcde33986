"""Visits: what an officer finds is weighed by the scheme in force and gives the rental its grade and its next day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act, GradeReason
from grid.models import GradeCriterion, GradeLevel, GradeScheme, Rental, RentalGrade, RentalVisit, VisitPhoto
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.files import PICTURE_TYPES, Inspected, all_or_nothing, inspect, store_content
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .grading import Graded, grade, levels_of, next_due, scheme_on
from .registering import lock_rental

NOTES_LENGTH = 500
REASON_LENGTH = 500


@dataclass(frozen=True)
class NewVisit:
    """What a visit found: codes of criteria, notes, photos (open files with `name` and `size`)."""

    found: Sequence[str] = ()
    notes: str = ""
    photos: Sequence[Any] = ()


def record_visit(
    rental_id: int, data: NewVisit, *, row_version: int | None = None, by: Actor, now: datetime
) -> RentalVisit:
    """Record a visit and grade the rental by it.

    Raises BadInput naming the field (a criterion of another scheme, a file that is no picture), StalePage when the
    rental changed since the page was shown (a second press of the button, too), NotAllowed or OutOfSight.
    """
    photos = _pictures(data.photos, now)
    with all_or_nothing(photos), transaction.atomic():
        rental = lock_rental(rental_id, by=by, row_version=row_version)
        access.require(by, Act.GRID_ROUND, rental)
        if not rental.is_active:
            raise IllegalMove(_("This is let no longer; say first that it is let again."))
        scheme = required_scheme(rental, now)
        found = _criteria(scheme, data.found)
        graded = grade(levels_of(scheme), found)
        visit = _write_visit(rental, graded, found, checked_text(data.notes, NOTES_LENGTH, field="notes"), by, now)
        _write_photos(visit, photos)
        reason = "; ".join(criterion.text for criterion in found)[:REASON_LENGTH]
        write_grade(
            rental, graded.level, graded.points, why=GradeReason.VISIT, reason=reason, visit=visit, by=by, now=now
        )
        _follow_visit(rental, graded.level, now)
        facts = {"found": [one.code for one in found], "points": graded.points, "level": graded.level.code}
        audit.record("rental.visited", rental, by=by, now=now, changes=facts)
        return visit


def required_scheme(rental: Rental, now: datetime) -> GradeScheme:
    """Return the scheme in force where the rental lies. Raises BadInput where there is none."""
    scheme = scheme_on(rental.building.area, timezone.localdate(now))
    if scheme is None:
        raise BadInput(_("The district has no grading scheme in force; an administrator enters it first."))
    return scheme


def write_grade(
    rental: Rental,
    level: GradeLevel,
    points: int,
    *,
    why: str,
    reason: str,
    about: str = "",
    visit: RentalVisit | None = None,
    by: Actor,
    now: datetime,
) -> RentalGrade:
    """Add an entry to the history and set grade and points of the rental, unsaved; the caller holds the lock."""
    entry = RentalGrade(
        rental=rental, before=rental.level, level=level, points=points, why=why, reason=reason, about=about,
        visit=visit, graded_at=now, graded_by=by.name[:120],
    )  # fmt: skip
    entry.save(force_insert=True)
    rental.level, rental.points, rental.row_version = level, points, rental.row_version + 1
    return entry


def _follow_visit(rental: Rental, level: GradeLevel, now: datetime) -> None:
    today = timezone.localdate(now)
    rental.last_visit_on, rental.due_on = today, next_due(level, today)
    rental.planned_on = rental.planned_for = None
    rental.save()


def _criteria(scheme: GradeScheme, codes: Sequence[str]) -> list[GradeCriterion]:
    """Return the criteria of the scheme with these codes, each once, in the order of the scheme."""
    wanted = set(codes)
    found = [one for one in scheme.criteria.filter(is_active=True) if one.code in wanted]
    if len(found) != len(wanted):
        raise BadInput(_("This is no criterion of the scheme in force; open the page again."), field="found")
    return found


def _write_visit(
    rental: Rental, graded: Graded, found: list[GradeCriterion], notes: str, by: Actor, now: datetime
) -> RentalVisit:
    visit = RentalVisit(
        rental=rental,
        visited_at=now,
        due_on=rental.due_on,
        by=by.user,
        by_name=by.name[:120],
        found=[{"code": one.code, "group": one.group, "text": one.text, "points": one.points} for one in found],
        notes=notes,
        points=graded.points,
        level=graded.level,
    )
    visit.save(force_insert=True)
    return visit


def _pictures(files: Sequence[Any], now: datetime) -> list[Inspected]:
    """Return the photos looked into and cleaned. Raises BadInput(field="photos")."""
    today = timezone.localdate(now)
    most = get_parameter("rental.most_photos", today)
    if len(files) > most:
        raise BadInput(_("At most %(most)s photos belong to a visit.") % {"most": most}, field="photos")
    limit = get_parameter("rental.photo_max_bytes", today)
    photos = [inspect(file, limit, field="photos") for file in files]
    if other := next((photo for photo in photos if photo.content_type not in PICTURE_TYPES), None):
        raise BadInput(_("“%(name)s” is no picture.") % {"name": other.name}, field="photos")
    return photos


def _write_photos(visit: RentalVisit, photos: list[Inspected]) -> None:
    for photo in {one.sha256: one for one in photos}.values():
        row = VisitPhoto(visit=visit, name=photo.name, content_type=photo.content_type, sha256=photo.sha256)
        store_content(row, photo)
        row.save(force_insert=True)

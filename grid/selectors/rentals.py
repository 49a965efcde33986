"""Rentals as pages show them: the list in tabs, one with its history, schemes; what other apps ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from grid import access
from grid.choices import Act, CriterionGroup
from grid.models import (
    Building,
    GradeCriterion,
    GradeLevel,
    GradeScheme,
    Rental,
    RentalGrade,
    RentalPerson,
    VisitPhoto,
    VisitPlan,
)
from grid.services.rentals.grading import scheme_on
from grid.services.rentals.registering import MAY_KEEP
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists.counting import Count, capped_count

from .places import find_buildings

WORKERS = (Act.GRID_ROUND, Act.MANAGE_GRID)  # who works with rentals
TODAY, OVERDUE, ALL = "today", "overdue", "all"
HISTORY_SHOWN = 20
PEOPLE_SHOWN = 50
BUILDINGS_FOUND = 50
CODE_LENGTH = 6  # digits from which a search is one for a house code


@dataclass(frozen=True)
class RentalPage:
    """One rental: its history, newest first, its people masked, and why a step is not open (None: it is)."""

    rental: Rental
    grades: list[RentalGrade]
    people: list[RentalPerson]
    scheme: GradeScheme | None
    criteria: list[tuple[str, list[GradeCriterion]]]
    why_not_visit: str | None
    why_not_keep: str | None
    may_regrade: bool


def list_rentals(user, tab: str, text: str = "", *, today: date) -> QuerySet[Rental]:
    """Return the rentals in sight of a tab that a text means: the beginning of a house code, or words of the place."""
    rows = Rental.objects.visible_to(user).select_related("building__area", "room", "level", "planned_for")
    rows = {TODAY: rows.for_today(today), OVERDUE: rows.overdue(today)}.get(tab, rows)
    text = text.replace("\x00", "").strip()
    if not text:
        return rows
    if len(text) >= CODE_LENGTH and text[:CODE_LENGTH].isascii() and text[:CODE_LENGTH].isdigit():
        return rows.filter(Q(building__code__startswith=text.upper()) | Q(room__code__startswith=text.upper()))
    places = [building.pk for building in find_buildings(text, user, BUILDINGS_FOUND).rows]
    return rows.filter(Q(name__icontains=text) | Q(building__in=places))


def count_rentals(user, *, today: date) -> dict[str, Count]:
    """Return how many rentals in sight are to be visited today, and how many visits are overdue (at most 999+)."""
    rows = Rental.objects.visible_to(user)
    return {TODAY: capped_count(rows.for_today(today)), OVERDUE: capped_count(rows.overdue(today))}


def get_rental(user, pk: int) -> Rental | None:
    """Return the rental in sight with this id."""
    rows = Rental.objects.visible_to(user).filter(pk=pk)
    return rows.select_related("building__area__parent", "room", "level__scheme", "planned_for").first()


def get_rental_page(rental: Rental, user, now: datetime) -> RentalPage:
    """Return what the page of a rental shows to `user`."""
    by = Actor.staff(user)
    scheme = scheme_on(rental.building.area, timezone.localdate(now))
    grades = rental.grades.select_related("level", "before", "visit").prefetch_related(
        Prefetch("visit__photos", VisitPhoto.objects.order_by("pk"))
    )
    return RentalPage(
        rental=rental,
        grades=list(grades[:HISTORY_SHOWN]),
        people=list(rental.people.all()[:PEOPLE_SHOWN]),
        scheme=scheme,
        criteria=criteria_of(scheme) if scheme else [],
        why_not_visit=access.why_not(by, (Act.GRID_ROUND,), rental),
        why_not_keep=access.why_not(by, MAY_KEEP, rental),
        may_regrade=access.why_not(by, (Act.MANAGE_GRID,), rental) is None,
    )


def criteria_of(scheme: GradeScheme) -> list[tuple[str, list[GradeCriterion]]]:
    """Return the criteria in use, by their group, heaviest first."""
    rows = list(scheme.criteria.filter(is_active=True).select_related("at_least"))
    groups = [(str(group.label), [row for row in rows if row.group == group]) for group in CriterionGroup]
    return [(label, found) for label, found in groups if found]


def list_schemes(user) -> list[GradeScheme]:
    """Return the schemes of the districts around `user`, each with its levels, mildest first."""
    rows = GradeScheme.objects.filter(is_active=True).select_related("area")
    areas = access.list_areas(user)
    if areas is not None:
        rows = rows.filter(area__in=areas)
    levels = Prefetch("levels", GradeLevel.objects.order_by("from_points"))
    return list(rows.prefetch_related(levels).order_by("area__code", "-effective_from"))


def list_plans(user) -> list[VisitPlan]:
    """Return the plans of the communities where `user` plans the grid's work, the emptiest of visitors first."""
    areas = access.areas_with(user, Act.MANAGE_GRID)
    plans = VisitPlan.objects.visible_to(user).filter(area__in=areas).select_related("area")
    return list(plans.order_by("-without_visitor", "area__code")[:HISTORY_SHOWN])


def get_visit_photo(user, pk: int) -> VisitPhoto | None:
    """Return the photo of a visit in sight."""
    return VisitPhoto.objects.visible_to(user).select_related("visit__rental__building__area").filter(pk=pk).first()


def rentals_at(house_code: str) -> QuerySet[Rental]:
    """Return the rentals let at a house code: the room's; for the code of a building what is let there as a whole."""
    return Rental.objects.let().filter(Q(room__code=house_code) | Q(building__code=house_code, room__isnull=True))


def rentals_in(building: Building, user) -> list[Rental]:
    """Return the rentals let in a building that `user` sees, those to be visited first."""
    rows = Rental.objects.visible_to(user).let().filter(building=building).select_related("level", "planned_for")
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:PEOPLE_SHOWN])


def buildings_let(user, text: str = "") -> QuerySet[Building]:
    """Return the buildings in sight in which something is let; with a text those that it means."""
    rows = Building.objects.visible_to(user).filter(is_active=True).select_related("area")
    rows = rows.filter(Exists(Rental.objects.let().filter(building=OuterRef("pk"))))
    if text.strip():
        rows = rows.filter(pk__in=[building.pk for building in find_buildings(text, user, BUILDINGS_FOUND).rows])
    return rows.order_by("code")

"""区划调整: open cases of an area that was cut go on where their place lies now. No clock is touched.

Whose work it is then is settled by `rehoming`, for the unit of an area that ended is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from dispatch.models import WorkOrder
from dispatch.selectors.loads import open_cases_at
from grid.choices import RecutState
from grid.models import Area, Building, Recut
from grid.selectors import BUILDING_DIGITS
from grid.selectors.recut_places import RecutPlaces
from intake import services as intake
from intake.models import Case
from shenzhen_gov.core.actor import Actor

BATCH = 200
LOOKED_BACK = timedelta(days=30)  # after a cut at which the area lives on


@transaction.atomic
def follow_recuts(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Move up to `limit` open cases of areas that were cut to where they lie now; returns how many.

    Safe to run at any moment, in any number of processes: an open case in an area that ended is the queue. Where the
    area lives on, it is the cases at buildings, or at points, that were taken from it.
    """
    for area, places in _areas_cut(now):
        cases = _lock_cases(area, places, limit)
        if cases:
            _move(cases, area, places or _places_of(area), by, now)
            return len(cases)
    return 0


def _areas_cut(now: datetime) -> Iterable[tuple[Area, RecutPlaces | None]]:
    """Yield the areas that ended, and those that live on with what was taken from them.

    Those whose buildings are still on their way have to wait for them.
    """
    moving = list(Recut.objects.filter(state=RecutState.MOVING).values_list("area", flat=True))
    for area in Area.objects.filter(successor__isnull=False, is_active=False).exclude(pk__in=moving):
        yield area, None
    lately = Recut.objects.filter(cut_at__gte=now - LOOKED_BACK, ends=False, state=RecutState.DONE)
    for plan in lately.select_related("area"):
        yield plan.area, RecutPlaces(plan)


def _places_of(area: Area) -> RecutPlaces | None:
    """Return what took over an area that ended; None where it was not cut but given up."""
    plan = Recut.objects.filter(area=area, ends=True, state=RecutState.DONE).select_related("area").first()
    return RecutPlaces(plan) if plan is not None else None


def _lock_cases(area: Area, places: RecutPlaces | None, limit: int) -> list[Case]:
    cases = Case.objects.filter(pk__in=open_cases_at(area), area=area)
    if places is not None:
        elsewhere = Building.objects.filter(code=OuterRef("building"), is_active=True).exclude(area=area)
        by_house = cases.annotate(building=Left("house_code", BUILDING_DIGITS)).filter(Exists(elsewhere))
        cases = cases.filter(Q(pk__in=by_house.values("pk")) | Q(pk__in=_ids_by_point(cases, places)))
    locked = cases.select_for_update(skip_locked=True, of=("self",)).select_related("area")
    return list(locked.order_by("id")[:limit])


def _ids_by_point(cases: QuerySet[Case], places: RecutPlaces) -> list[int]:
    """Return those without a house code whose point lies in what was taken."""
    rows = cases.filter(house_code="", longitude__isnull=False).values_list("pk", "longitude", "latitude")
    return [pk for pk, longitude, latitude in rows if places.of_point(longitude, latitude) is not None]


def _move(cases: Sequence[Case], area: Area, places: RecutPlaces | None, by: Actor, now: datetime) -> None:
    codes = {case.house_code[:BUILDING_DIGITS] for case in cases if case.house_code}
    at = {one.code: one.area for one in Building.objects.filter(code__in=codes, is_active=True).select_related("area")}
    areas = {}
    for case in cases:
        place = at.get(case.house_code[:BUILDING_DIGITS])
        if place is None and not case.house_code and places is not None:
            place = places.of_point(case.longitude, case.latitude)
        areas[case.pk] = _heir(place if place is not None and place.pk != area.pk else area)
    intake.move_to_areas(cases, areas, by=by, now=now)
    orders = list(WorkOrder.objects.open().filter(case__in=cases).select_for_update())
    for order in orders:
        order.area = areas[order.case_id]
        order.row_version += 1
    WorkOrder.objects.bulk_update(orders, ["area", "row_version"])


def _heir(area: Area) -> Area:
    """Return the area in use that follows; of a chain of cuts the last one."""
    while not area.is_active and area.successor is not None:
        area = area.successor
    return area

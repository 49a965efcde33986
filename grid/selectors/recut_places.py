"""Where what lies in an area that is cut goes: by its buildings, by its point on the outlines, else to the successor.

The same answer for the preview and for the day: what no place decides is named, for somebody to look at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.geometry import OutlineIndex
from grid.models import (
    Adviser,
    Area,
    AreaOutline,
    Building,
    CommunityTask,
    Estate,
    Gathering,
    Liaison,
    Recut,
    Reporter,
    RoundPlan,
    RoundPoint,
    ServiceSite,
)
from grid.workflow import ITEM_ESCALATED, ITEM_OPEN

Point = tuple[float | None, float | None]
Place = Building | Point


@dataclass(frozen=True)
class Follower:
    """A row of the area that is cut, the area it goes to (None: it stays), and what somebody has to look at."""

    row: Model
    into: Area | None
    problem: str = ""
    ends: bool = False  # the taker has one of its own, and there can be only one

    @property
    def kind(self) -> str:
        """Return what it is, in words."""
        return str(self.row._meta.verbose_name)


@dataclass(frozen=True)
class _Kind:
    """Rows of one model: those still alive on a day, where each has its place, and what may not be there twice."""

    rows: Callable[[datetime], QuerySet]
    places: Callable[[Any], Sequence[Place]] = lambda _row: ()
    same: tuple[str, ...] | None = None  # None: any number; (): one an area


class RecutPlaces:
    """Which of the areas that take something a place goes to, as long as nothing is moved yet."""

    def __init__(self, plan: Recut):
        known = Area.objects.in_bulk([one["code"] for one in plan.targets], field_name="code")
        self.area, self.ends, self.cut_at = plan.area, plan.ends, plan.cut_at
        self.targets = [known[one["code"]] for one in plan.targets if one["code"] in known]
        self.heir = self.targets[0] if plan.ends and self.targets else None
        self.is_whole = plan.ends and len(self.targets) == 1  # all of it goes to one area
        self._taken = {code: known.get(one["code"]) for one in plan.targets for code in one["takes"]}
        self._below = list(Area.objects.filter(parent=plan.area).values_list("path", "code"))
        self._index = _index_of(self.targets)

    def of_building(self, building: Building) -> Area | None:
        """Return where a building of the area goes; None: it stays, or lies elsewhere."""
        if building.area_id == self.area.pk:
            return self._taken.get(building.code, self.heir)
        for path, code in self._below:
            if building.area.path.startswith(path):
                return self._taken.get(code, self.heir)
        return None

    def of_point(self, longitude: float | None, latitude: float | None) -> Area | None:
        """Return the area that takes something and whose outline holds the point; None where none does."""
        if longitude is None or latitude is None:
            return None
        pk = self._index.find(longitude, latitude)
        return next((area for area in self.targets if area.pk == pk), None)

    def of_case_point(self, longitude: float | None, latitude: float | None) -> Area | None:
        """Return where something known by its point alone goes: to the successor where no outline holds it."""
        return self.of_point(longitude, latitude) or self.heir

    def of(self, places: Iterable[Place]) -> tuple[Area | None, str]:
        """Return where something with these places goes, and why somebody has to look at it ("": it is settled)."""
        if self.is_whole:
            return self.heir, ""
        found = {self._of_one(place) for place in places}
        if len(found) == 1:
            return found.pop(), ""
        if found:
            return self.heir, _("Its places lie in several areas.")
        return self.heir, _("No place of its own says where it belongs.") if self.ends else ""

    def _of_one(self, place: Place) -> Area | None:
        return self.of_building(place) if isinstance(place, Building) else self.of_case_point(*place)

    def missing_outlines(self) -> list[Area]:
        """Return the areas whose outline somebody has to draw: those that only partly take over the old one's."""
        old = AreaOutline.objects.filter(area=self.area).first()
        if self.is_whole or old is None:
            return []
        drawn = set(AreaOutline.objects.filter(area__in=self.targets).values_list("area", flat=True))
        is_old = not self.ends and (self.cut_at is None or old.imported_at < self.cut_at)
        return [area for area in self.targets if area.pk not in drawn] + ([self.area] if is_old else [])


def _index_of(areas: Sequence[Area]) -> OutlineIndex:
    rows = AreaOutline.objects.filter(area__in=areas).values_list("area", "area__level", "polygons")
    return OutlineIndex(
        [(pk, level, json.dumps({"type": "MultiPolygon", "coordinates": polygons})) for pk, level, polygons in rows]
    )


def _round_plans(now: datetime) -> QuerySet:
    points = RoundPoint.objects.filter(is_active=True).select_related("building__area")
    rows = RoundPlan.objects.exclude(valid_until__lt=timezone.localdate(now))
    return rows.prefetch_related(Prefetch("points", points, to_attr="places"))


def _places_of_plan(plan) -> list[Place]:
    return [point.building or point.place for point in plan.places if point.building or point.longitude is not None]


def _lasting(model: type[Model]) -> Callable[[datetime], QuerySet]:
    return lambda now: model._default_manager.exclude(ends_on__lt=timezone.localdate(now))


def _gatherings(_now: datetime) -> QuerySet:
    waiting = Gathering.objects.filter(items__state__in=[ITEM_OPEN, ITEM_ESCALATED])
    return Gathering.objects.filter(pk__in=waiting.values("pk"))


KINDS = (
    _Kind(_round_plans, _places_of_plan),
    _Kind(lambda _now: ServiceSite.objects.filter(is_active=True), same=("name",)),
    _Kind(lambda _now: Liaison.objects.filter(ends_on=None), same=()),
    _Kind(
        lambda now: _lasting(Estate)(now).prefetch_related("buildings__area"),
        lambda estate: list(estate.buildings.all()),
        same=("name", "kind", "begins_on"),
    ),
    _Kind(_lasting(Adviser), same=("name", "begins_on")),
    _Kind(lambda _now: Reporter.objects.filter(is_active=True)),
    _Kind(lambda now: CommunityTask.objects.filter(cancelled_at=None, ends_at__gte=now)),
    _Kind(_gatherings),
)


def followers_of(places: RecutPlaces, now: datetime) -> list[Follower]:
    """Return what grid holds for the area itself that is alive on the day, each with where it goes.

    What is over stays where it was, as history; what hangs on the areas below moves with them.
    """
    return [
        _follower(kind, row, places) for kind in KINDS for row in kind.rows(now).filter(area=places.area).order_by("pk")
    ]


def _follower(kind: _Kind, row: Model, places: RecutPlaces) -> Follower:
    into, problem = places.of(kind.places(row))
    if into is None or kind.same is None:
        return Follower(row, into, problem)
    there = kind.rows(timezone.now()) if kind.same == () else type(row)._default_manager.all()
    same = Q(**{name: getattr(row, name) for name in kind.same})
    if there.filter(same, area=into).exists():
        return Follower(row, into, _("It ends: %(area)s has one of its own.") % {"area": into}, ends=True)
    return Follower(row, into, problem)

"""Planned re-cuts, and what each touches of what grid holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from grid.choices import COVERING_KINDS, RecutState
from grid.models import Area, Building, GridPost, Recut, RoleGrant, Staff, Unit

from .recut_places import Follower, RecutPlaces, followers_of

SHOWN = 20


@dataclass(frozen=True)
class Taking:
    """One area that takes something: how many buildings, which areas, and whether what nobody takes goes there."""

    code: str
    name: str
    area: Area | None
    buildings: int
    areas: list[Area]
    is_heir: bool


@dataclass(frozen=True)
class Touched:
    """What a re-cut touches here; people, roles and posts go to the successor.

    `settled` is (kind, area it goes to, how many); `by_hand` is what somebody has to look at.
    """

    takings: list[Taking]
    settled: list[tuple[str, Area, int]]
    by_hand: list[Follower]
    missing_outlines: list[Area]
    unit: Unit | None
    staff: list[Staff]
    grants: list[RoleGrant]
    posts: list[GridPost]


def list_recuts(user) -> QuerySet[Recut]:
    """Return the re-cuts in sight, newest first."""
    return Recut.objects.visible_to(user).select_related("area__parent", "created_by")


def get_recut(user, pk: int) -> Recut | None:
    """Return a re-cut in sight, or None."""
    return list_recuts(user).filter(pk=pk).first()


def area_named(user, text: str) -> Area | None:
    """Return the area in sight that `text` is the code of, or alone bears as its name."""
    areas = Area.objects.visible_to(user).filter(is_active=True)
    found = list(areas.filter(code=text)[:1]) or list(areas.filter(Q(name=text) | Q(short_name=text))[:2])
    return found[0] if len(found) == 1 else None


def get_touched(plan: Recut, now: datetime) -> Touched:
    """Return what the plan touches, as things stand now; what follows only as long as it is planned."""
    unit = Unit.objects.filter(home_area=plan.area, kind__in=COVERING_KINDS, closed_on=None).first()
    people = Staff.objects.filter(unit=unit, is_active=True) if unit else Staff.objects.none()
    roles = RoleGrant.objects.filter(unit=unit) if unit else RoleGrant.objects.none()
    roles = roles.select_related("staff", "role")
    places = RecutPlaces(plan)
    followers = followers_of(places, now) if plan.state == RecutState.PLANNED else []
    settled = Counter((one.kind, one.into) for one in followers if one.into is not None and not one.problem)
    return Touched(
        takings=_takings(plan),
        settled=[(kind, into, count) for (kind, into), count in settled.items()],
        by_hand=[one for one in followers if one.problem],
        missing_outlines=places.missing_outlines(),
        unit=unit,
        staff=list(people.order_by("id")[:SHOWN]),
        grants=list(roles.order_by("id")[:SHOWN]),
        posts=list(GridPost.objects.filter(area=plan.area, ends_on=None).order_by("id")[:SHOWN]),
    )


def _takings(plan: Recut) -> list[Taking]:
    """Return what each area takes, in the order of the plan."""
    areas = Area.objects.in_bulk([one["code"] for one in plan.targets], field_name="code")
    below = {area.code: area for area in Area.objects.filter(parent=plan.area, is_active=True)}
    here = Building.objects.filter(area=plan.area)
    named = {one["code"]: here.filter(code__in=one["takes"]).count() for one in plan.targets}
    rest = here.count() - sum(named.values()) if plan.ends and plan.state == RecutState.PLANNED else 0
    taken = {code for one in plan.targets for code in one["takes"]}
    takings = []
    for number, one in enumerate(plan.targets):
        is_heir = plan.ends and number == 0
        own = [area for code, area in below.items() if code in one["takes"] or (is_heir and code not in taken)]
        area = areas.get(one["code"])
        name = one["name"] or (area.name if area else "")
        takings.append(Taking(one["code"], name, area, named[one["code"]] + (rest if is_heir else 0), own, is_heir))
    return takings

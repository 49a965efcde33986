"""What each detector finds on a day, as warnings with their evidence: detectors (pure) over what the database has.

Evidence holds ids of cases (at most MOST_CASES), counts by day, and facts; citizens are counted, never named.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from analytics.choices import WarningKind
from analytics.detectors import (
    Burst,
    BurstSettings,
    Cluster,
    Repeat,
    Risk,
    find_bursts,
    find_clusters,
    find_doubtful_pairs,
    find_repeats,
)
from analytics.selectors import detecting as read
from dutylist.selectors.items import versions_in_force
from grid.choices import Level
from grid.models import Building, Unit
from shenzhen_gov.core.parameters import get_parameter

MOST_CASES = 50
TREND_DAYS = 28
One = TypeVar("One")
TENFOLD = 3.0  # a burst counts once more for every so many powers of ten that chance is less likely


@dataclass(frozen=True)
class Found:
    """A warning before it is kept. `strength` is 1 where the detector just speaks up; `about` is what it is about."""

    kind: WarningKind
    about: str
    area: int
    name: str
    first: date
    last: date
    strength: float
    cases: tuple[int, ...]
    count: int
    citizens: int
    item: int | None = None
    unit: int | None = None
    expected: float | None = None
    days: tuple[tuple[date, int, float], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Return what makes it the same warning when it is found again."""
        return hashlib.blake2b(f"{self.kind}|{self.area}|{self.about}".encode(), digest_size=16).hexdigest()

    @property
    def evidence(self) -> dict[str, Any]:
        """Return the evidence as it is kept."""
        days = [[day.isoformat(), count, round(expected, 2)] for day, count, expected in self.days]
        return {"cases": list(self.cases[:MOST_CASES]), "days": days, "facts": self.facts}


class Ground:
    """What all looks of a day share. `day` is looked at as far as it has gone."""

    def __init__(self, day: date):
        self.day = day

    def parameter(self, key: str):
        """Return a parameter in force on the day."""
        return get_parameter(key, self.day)

    @cached_property
    def territory(self) -> read.Territory:
        """Return the tree of areas."""
        return read.Territory()

    def items(self, ids) -> dict[int, str]:
        """Return item id → name of the version in force."""
        return {item: version.name for item, version in versions_in_force(sorted(ids), self.day).items()}


def look_for_bursts(ground: Ground) -> Iterator[Found]:
    """Item × community or subdistrict far above what the weeks before lead one to expect."""
    settings = BurstSettings(
        weeks=ground.parameter("burst.weeks"),
        least={1: ground.parameter("burst.least_day"), 7: ground.parameter("burst.least_week")},
        alarms=ground.parameter("burst.alarms"),
        prior_days=ground.parameter("burst.prior_days"),
        most_spread=ground.parameter("burst.most_spread"),
    )
    counts = read.read_counts(ground.day, settings.weeks, ground.territory)
    bursts = most_of_each_district(
        find_bursts(counts, settings), ground, lambda burst: burst.place, lambda burst: burst.score
    )
    names = ground.items({burst.item for burst in bursts})
    since = ground.day - timedelta(days=TREND_DAYS - 1)
    first_id = next(filter(None, (read.first_case_of(since + timedelta(days=past)) for past in range(TREND_DAYS))), 0)
    for burst in bursts:
        yield _burst(burst, names.get(burst.item, str(burst.item)), since, first_id, ground)


def _burst(burst: Burst, name: str, since: date, first_id: int, ground: Ground) -> Found:
    areas = ground.territory.inside[burst.place]
    rows = read.cases_of_series(burst.item, areas, since, first_id)
    first = ground.day - timedelta(days=burst.days - 1)
    by_day = Counter(row.day for row in rows)
    days = [since + timedelta(days=past) for past in range(TREND_DAYS)]
    there = [row for row in rows if first <= row.day <= ground.day]
    return Found(
        WarningKind.BURST,
        f"item:{burst.item}",
        burst.place,
        name,
        first,
        ground.day,
        strength=1 + max(burst.score, 0) / TENFOLD,
        cases=tuple(row.case for row in there),
        count=burst.count,
        citizens=len({row.citizen for row in there} - {None}),
        item=burst.item,
        expected=round(burst.expected, 3),
        days=tuple((day, by_day[day], burst.expected / burst.days) for day in days if day <= ground.day),
        facts={"days": burst.days, "score": round(burst.score, 2)},
    )


def look_for_clusters(ground: Ground) -> Iterator[Found]:
    """Texts of different citizens of one neighbourhood about the same matter."""
    days, citizens = ground.parameter("cluster.days"), ground.parameter("cluster.citizens")
    likeness = ground.parameter("cluster.likeness")
    found: list[Found] = []
    for near, texts, known, around in read.texts_by_neighbourhood(ground.day, days, ground.territory):
        clusters = find_clusters(texts, citizens=citizens, likeness=likeness, around=around)
        found += [_cluster(cluster, near, known, ground, citizens) for cluster in clusters]
    yield from most_of_each_district(found, ground, lambda one: one.area, lambda one: one.citizens)


def _cluster(cluster: Cluster, near: int, known: dict, ground: Ground, citizens: int) -> Found:
    cases = tuple(sorted((text.case for text in cluster.texts), reverse=True))
    areas = {known[case][0] for case in cases}
    items = Counter(known[case][1] for case in cases if known[case][1])
    item = items.most_common(1)[0][0] if items else None
    return Found(
        WarningKind.CLUSTER,
        f"words:{'|'.join(cluster.words)}",
        ground.territory.around_all(areas) if areas else near,
        "、".join(cluster.words),
        ground.day - timedelta(days=ground.parameter("cluster.days") - 1),
        ground.day,
        strength=cluster.citizens / citizens,
        cases=cases,
        count=len(cases),
        citizens=cluster.citizens,
        item=item,
        facts={"words": list(cluster.words), "likeness": round(cluster.likeness, 2)},
    )


def look_for_repeats(ground: Ground) -> Iterator[Found]:
    """One building, address or point about which different citizens ask again and again."""
    days, cases = ground.parameter("place.days"), ground.parameter("place.cases")
    citizens = ground.parameter("place.citizens")
    repeats = find_repeats(read.cases_at_places(ground.day, days), cases=cases, citizens=citizens)
    repeats = most_of_each_district(repeats, ground, lambda one: one.area, lambda one: one.citizens)
    codes = [repeat.place[1] for repeat in repeats if repeat.place[0] == "building"]
    buildings = dict(Building.objects.filter(code__in=codes).values_list("code", "name"))
    names = ground.items({repeat.item for repeat in repeats if repeat.item})
    for repeat in repeats:
        yield _repeat(repeat, buildings, names, ground, days, citizens)


def _repeat(repeat: Repeat, buildings: dict, names: dict, ground: Ground, days: int, citizens: int) -> Found:
    kind, *key = repeat.place
    building = buildings.get(key[0], "") if kind == "building" else ""
    matter = names.get(repeat.item, "")
    return Found(
        WarningKind.PLACE,
        hashlib.blake2b(repr(repeat.place).encode(), digest_size=16).hexdigest(),  # an address is nobody's to read here
        repeat.area,
        " · ".join(filter(None, [building, matter])) or ground.territory.name[repeat.area],
        ground.day - timedelta(days=days - 1),
        ground.day,
        strength=repeat.citizens / citizens,
        cases=tuple(sorted(repeat.cases, reverse=True)),
        count=len(repeat.cases),
        citizens=repeat.citizens,
        item=repeat.item,
        facts={"place": kind, "building": key[0] if kind == "building" else "", "days": days},
    )


def look_for_false_closures(ground: Ground) -> Iterator[Found]:
    """Units whose closings of one item are doubted too often."""
    days, least = ground.parameter("closure.days"), ground.parameter("closure.checks")
    share = ground.parameter("closure.share")
    doubts = read.doubted_closings(ground.day, days)
    often = [pair for pair, number in Counter(doubt[:2] for doubt in doubts).items() if number >= least]
    found = find_doubtful_pairs(doubts, dict(read.closings_of(often, ground.day, days)), least=least, share=share)
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[pair.unit for pair in found])}
    names = ground.items({pair.item for pair in found})
    for pair in found:
        unit = units[pair.unit]
        facts = {"confirmed": pair.confirmed, "closed": pair.closed, "floor": pair.floor, "days": days}
        yield Found(
            WarningKind.CLOSURE,
            f"unit:{pair.unit}|item:{pair.item}",
            unit.home_area_id,
            f"{unit.name} · {names.get(pair.item, pair.item)}"[:160],
            ground.day - timedelta(days=days - 1),
            ground.day,
            strength=pair.floor / share,
            cases=tuple(sorted(pair.cases, reverse=True)),
            count=len(pair.cases),
            citizens=0,
            item=pair.item,
            unit=pair.unit,
            facts=facts,
        )


def risk_found(risk: Risk, ground: Ground, label: str) -> Found:
    """Return the warning of a topic of risk words in an area."""
    return Found(
        WarningKind.RISK,
        f"topic:{risk.topic}",
        risk.area,
        label,
        ground.day,
        ground.day,
        strength=float(len(risk.cases)),
        cases=tuple(sorted(risk.cases, reverse=True)),
        count=len(risk.cases),
        citizens=len(risk.citizens),
        facts={"topic": risk.topic, "words": list(risk.words[:10])},
    )


def most_of_each_district(
    found: list[One], ground: Ground, area_of: Callable[[One], int], rank_of: Callable[[One], float]
) -> list[One]:
    """Return the highest of each district, as many as the parameter allows."""
    taken: Counter[int] = Counter()
    kept = []
    for one in sorted(found, key=rank_of, reverse=True):
        district = ground.territory.at(area_of(one), Level.DISTRICT)
        if taken[district] < ground.parameter("warning.top"):
            taken[district] += 1
            kept.append(one)
    return kept


LOOKS: dict[WarningKind, Callable[[Ground], Iterator[Found]]] = {
    WarningKind.BURST: look_for_bursts,
    WarningKind.CLUSTER: look_for_clusters,
    WarningKind.PLACE: look_for_repeats,
    WarningKind.CLOSURE: look_for_false_closures,
}

"""What the detectors of early warnings look at, found by the days on which cases were accepted (their postings)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice

from django.db import connections
from django.db.models import Count, Q
from django.utils import timezone

from analytics.choices import Dimension
from analytics.detectors import CaseAtPlace, Counts, Text
from analytics.detectors.bursts import WEEK, Series
from analytics.parts import BY_CODE, key_of
from dispatch.models import ClosureCheck, WorkOrder
from dispatch.workflow import CHECK_CONFIRMED, CHECK_DISMISSED, CHECK_OPEN, DONE
from grid.choices import Level
from grid.models import Area
from intake.models import Case

from .figures import Period, read_days, reading

AROUND = 300  # texts of the district that a name of a matter is held against
ACCEPTED = BY_CODE["accepted"]
OF_DAYS = (
    "FROM unnest(%(keys)s::int[]) WITH ORDINALITY d(key, number) JOIN analytics_caseposting p ON p.keys @> ARRAY[d.key]"
)
BY_DAY = f"""
SELECT p.item_id, p.area_id, d.number, count(*) AS cases {OF_DAYS}
 WHERE p.item_id IS NOT NULL AND p.area_id IS NOT NULL GROUP BY 1, 2, 3
"""  # noqa: S608 - own words
ADDED_UP = f"""
SELECT item_id, area_id, sum(cases)::int, sum(cases * cases)::int FROM ({BY_DAY}) days GROUP BY 1, 2
"""  # noqa: S608
TEXTS = f"""
SELECT c.id, c.citizen_id, c.area_id, c.item_id, c.title, left(c.content, 400) {OF_DAYS}
  JOIN intake_case c ON c.id = p.case_id WHERE p.area_id = ANY(%(areas)s)
"""  # noqa: S608
PLACES = f"""
SELECT c.id, c.citizen_id, c.area_id, c.item_id, c.house_code, c.address, c.longitude, c.latitude {OF_DAYS}
  JOIN intake_case c ON c.id = p.case_id WHERE p.area_id IS NOT NULL
"""  # noqa: S608
FIRST = "SELECT min(case_id) FROM analytics_caseposting WHERE keys @> ARRAY[%(key)s::int]"


class Territory:
    """The areas as a tree in memory: what lies around and in each."""

    def __init__(self) -> None:
        self.path: dict[int, list[int]] = {}
        self.level: dict[int, int] = {}
        self.name: dict[int, str] = {}
        self.inside: dict[int, list[int]] = defaultdict(list)
        rows = Area.objects.using(reading()).values_list("pk", "path", "level", "short_name")
        for pk, path, level, name in rows.iterator(5_000):
            self.path[pk] = [int(part) for part in path.strip("/").split("/")]
            self.level[pk], self.name[pk] = level, name
            for around in self.path[pk]:
                self.inside[around].append(pk)

    @cached_property
    def city(self) -> int:
        """Return the whole territory."""
        return next(pk for pk, path in self.path.items() if len(path) == 1)

    def at(self, area: int, level: Level) -> int:
        """Return the area of a level around an area, or the area itself where it is wider than that."""
        return next((one for one in reversed(self.path[area]) if self.level[one] <= level), area)

    def around_all(self, areas: Collection[int]) -> int:
        """Return the smallest area that holds them all."""
        paths = [self.path[area] for area in areas]
        shared = [parts[0] for parts in zip(*paths, strict=False) if len(set(parts)) == 1]
        return shared[-1] if shared else self.city

    def names_in(self, areas: Collection[int]) -> re.Pattern[str]:
        """Return what finds the names of these areas down to communities, the longest first."""
        names = {self.name[area] for area in areas if self.level[area] <= Level.COMMUNITY}
        return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))

    def districts(self) -> list[int]:
        """Return the districts."""
        return [pk for pk, level in self.level.items() if level == Level.DISTRICT]


@dataclass(frozen=True)
class CaseThere:
    """A case of a series: whose, and on which day it was accepted."""

    case: int
    citizen: int | None
    day: date


def keys_of_days(last: date, days: int) -> list[int]:
    """Return the keys of postings of acceptance of so many days, oldest first."""
    return [key_of(ACCEPTED, last - timedelta(days=back)) for back in range(days - 1, -1, -1)]


def read_counts(day: date, weeks: int, territory: Territory) -> Counts:
    """Return the counts of the week that ends on a day and of the weeks before, by item and community."""
    window: dict[Series, list[int]] = defaultdict(lambda: [0] * WEEK)
    for item, area, number, cases in _rows(BY_DAY, keys=keys_of_days(day, WEEK)):
        window[item, territory.at(area, Level.COMMUNITY)][number - 1] += cases
    before: dict[Series, tuple[int, int]] = defaultdict(lambda: (0, 0))
    start = day - timedelta(days=WEEK)
    for item, area, cases, squares in _rows(ADDED_UP, keys=keys_of_days(start, weeks * WEEK)):
        series = item, territory.at(area, Level.COMMUNITY)
        before[series] = before[series][0] + cases, before[series][1] + squares
    first = day - timedelta(days=(weeks + 1) * WEEK - 1)
    daily = read_days(Dimension.AREA, territory.city, Period(first, day), ["accepted"])
    days = [daily.get(first + timedelta(days=past), {}).get("accepted", 0) for past in range((weeks + 1) * WEEK)]
    places = {place for _item, place in [*window, *before]}
    around = {place: wider for place in places if (wider := territory.at(place, Level.SUBDISTRICT)) != place}
    district = {place: territory.at(place, Level.DISTRICT) for place in [*places, *around.values()]}
    return Counts(dict(window), dict(before), days, around, district)


def first_case_of(day: date) -> int:
    """Return the lowest id of the cases accepted on a day, or 0."""
    ((found,),) = _rows(FIRST, key=key_of(ACCEPTED, day))
    return found or 0


def cases_of_series(item: int, areas: Collection[int], since: date, first_id: int) -> list[CaseThere]:
    """Return the cases of an item in some areas accepted since a day, newest first."""
    rows = Case.objects.using(reading()).filter(item=item, area__in=areas, pk__gte=first_id)
    rows = rows.filter(accepted_at__gte=_midnight(since)).order_by("-pk")
    found = rows.values_list("pk", "citizen", "accepted_at")
    return [CaseThere(pk, citizen, timezone.localdate(at)) for pk, citizen, at in found]


def texts_by_neighbourhood(
    day: date, days: int, territory: Territory
) -> Iterator[tuple[int, list[Text], dict[int, tuple[int, int | None]], list[str]]]:
    """Yield area, its texts, case → (area, item), and some texts from around.

    Areas are subdistricts, and wider ones for what is known no nearer.

    Names of the areas around are left out of the texts: that two cases lie in one community makes them no one matter.
    """
    tops = [*territory.districts(), None]
    for top in tops:
        areas = territory.inside[top] if top else [territory.city]
        names = territory.names_in(areas)
        texts: dict[int, list[Text]] = defaultdict(list)
        known: dict[int, dict[int, tuple[int, int | None]]] = defaultdict(dict)
        for case, citizen, area, item, title, content in _rows(TEXTS, keys=keys_of_days(day, days), areas=areas):
            near = territory.at(area, Level.SUBDISTRICT)
            texts[near].append(Text(case, citizen, names.sub(" ", f"{title} {content}")))
            known[near][case] = area, item
        for near in sorted(texts):
            around = (text.words for other in texts if other != near for text in texts[other])
            yield near, texts[near], known[near], list(islice(around, AROUND))


def cases_at_places(day: date, days: int) -> Iterator[CaseAtPlace]:
    """Yield the cases of some days with what says where they are."""
    for row in _rows(PLACES, keys=keys_of_days(day, days)):
        yield CaseAtPlace(*row)


def doubted_closings(day: date, days: int) -> list[tuple[int, int, int, bool]]:
    """Return (unit, item, case, confirmed) of the closings doubted lately; those found right are left out."""
    since, until = _midnight(day - timedelta(days=days - 1)), _midnight(day + timedelta(days=1))
    lately = Q(state=CHECK_OPEN, due_at__gte=since) | Q(~Q(state=CHECK_OPEN), decided_at__gte=since)
    rows = ClosureCheck.objects.using(reading()).filter(lately, opened_at__gte=since, opened_at__lt=until)
    rows = rows.exclude(state=CHECK_DISMISSED).filter(case__item__isnull=False).order_by()
    found = rows.values_list("unit", "case__item", "case", "state")
    return [(unit, item, case, state == CHECK_CONFIRMED) for unit, item, case, state in found]


def closings_of(pairs: Collection[tuple[int, int]], day: date, days: int) -> Mapping[tuple[int, int], int]:
    """Return (unit, item) → work orders that the unit ended lately."""
    since = _midnight(day - timedelta(days=days - 1))
    found: Counter[tuple[int, int]] = Counter()
    for unit in sorted({unit for unit, _item in pairs}):
        items = [item for one, item in pairs if one == unit]
        orders = WorkOrder.objects.using(reading()).filter(unit=unit, state=DONE, ended_at__gte=since)
        rows = orders.filter(case__item__in=items).order_by().values_list("case__item").annotate(Count("pk"))
        found.update({(unit, item): number for item, number in rows})
    return found


def _rows(sql: str, **values) -> Iterator[tuple]:
    with connections[reading()].cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())

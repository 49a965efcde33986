"""Bursts: an item asked about in one place far more often than the weeks before would lead one to expect.

Each series (item × place) has a rate with a gamma prior: the item's rate in the place's surroundings times the
place's share of all requests there, worth `prior_days` of watching. What the weeks before say is added; the number
of the next days is then negative binomial (gamma-Poisson), widened by how unevenly single days of such series fall
(overdispersion). Weekdays and a general rise of all other requests are expected, not found.

As thousands of series are looked at, rare things happen daily. The tail probability is therefore multiplied by the
number of series of the surroundings: how many such surprises chance alone brings there in one look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log10

Series = tuple[int, int]  # item, place
WINDOWS = (1, 7)  # days
WEEK = 7
MOSTLY = 0.8  # of the cases of a wider place
SMALLEST = 1e-12  # chances below are told as this


@dataclass(frozen=True)
class BurstSettings:
    """Parameters burst.…: see analytics/data/parameters.csv."""

    weeks: int = 8
    least: Mapping[int, int] = field(default_factory=lambda: {1: 4, 7: 6})  # cases in a window of so many days
    alarms: float = 0.5  # by chance, in one district and look
    prior_days: float = 28.0
    most_spread: float = 1.5


@dataclass
class Counts:
    """What was counted: by series, the last seven days one by one; of the weeks before, sum and sum of squares.

    `around` says for each place which wider place it belongs to, `district` in which district it is looked at.
    `daily` are all requests of the weeks before and of the window, oldest first.
    """

    window: dict[Series, list[int]]
    before: dict[Series, tuple[int, int]]
    daily: list[int]
    around: Mapping[int, int]
    district: Mapping[int, int]


@dataclass(frozen=True)
class Burst:
    """One series above what was expected. `chance`: how often chance alone brings this in a district and look."""

    item: int
    place: int
    days: int
    count: int
    expected: float
    chance: float

    @property
    def score(self) -> float:
        """Return how surprising it is: 1 for once in ten looks at a district, 2 for once in a hundred, …."""
        return -log10(max(self.chance, SMALLEST))


def find_bursts(counts: Counts, settings: BurstSettings) -> list[Burst]:
    """Return the bursts, most surprising first; of one item and places inside each other the clearest only."""
    ground = _Ground(counts, settings)
    found = _narrowest([burst for days in WINDOWS for burst in ground.look(days)], counts.around)
    return _clearest(sorted(found, key=lambda one: (one.chance, -one.count, one.item, one.place)), counts.around)


class _Ground:
    """The sums that every series is compared with, at both widths of place."""

    def __init__(self, counts: Counts, settings: BurstSettings):
        self.settings, self.district = settings, counts.district
        self.days = settings.weeks * WEEK
        self.window: dict[Series, list[int]] = defaultdict(lambda: [0] * WEEK)
        self.before: dict[Series, int] = defaultdict(int)
        for series, week in counts.window.items():
            for wider in _widths(series, counts.around):
                self.window[wider] = [one + more for one, more in zip(self.window[wider], week, strict=True)]
        for series, (total, _squares) in counts.before.items():
            for wider in _widths(series, counts.around):
                self.before[wider] += total
        self.spread = _spread(counts.before, self.days, settings.most_spread)
        self._sum_up(counts)
        self.weekday = _weekdays(counts.daily[: self.days])

    def _sum_up(self, counts: Counts) -> None:
        """Add up by item and district, by place, by district; and the window of all items."""
        self.of_item: dict[Series, int] = defaultdict(int)
        self.of_place: dict[int, int] = defaultdict(int)
        self.of_district: dict[int, int] = defaultdict(int)
        self.kinds: dict[int, set[int]] = defaultdict(set)
        self.places: dict[int, set[int]] = defaultdict(set)
        for (item, place), (total, _squares) in counts.before.items():
            district = counts.district[place]
            self.of_item[item, district] += total
            self.of_district[district] += total
            self.kinds[district].add(item)
            for _item, wider in _widths((item, place), counts.around):
                self.of_place[wider] += total
                self.places[district].add(wider)
        self.week = [sum(day) for day in zip(*counts.window.values(), strict=True)] or [0] * WEEK
        self.item_week: dict[int, list[int]] = defaultdict(lambda: [0] * WEEK)
        for (item, _place), week in counts.window.items():
            self.item_week[item] = [one + more for one, more in zip(self.item_week[item], week, strict=True)]
        self.item_before: dict[int, int] = defaultdict(int)
        for (item, _place), (total, _squares) in counts.before.items():
            self.item_before[item] += total

    def look(self, days: int) -> Iterable[Burst]:
        """Yield the series whose last `days` are beyond chance."""
        least = self.settings.least[days]
        hits = [(series, number) for series, week in self.window.items() if (number := sum(week[-days:])) >= least]
        if not hits:
            return
        from scipy.special import betainc  # here: most processes never look

        rates = [self._expected(series, days) for series, _number in hits]
        shapes = [mean / (self.spread - 1 + mean / certainty) for mean, certainty in rates]
        # so many or more of a negative binomial number of this mean and shape
        odds = [mean / (shape + mean) for shape, (mean, _certainty) in zip(shapes, rates, strict=True)]
        chances = betainc([number for _series, number in hits], shapes, odds)
        for (series, number), (mean, _certainty), chance in zip(hits, rates, chances, strict=True):
            often = float(chance) * self._looked_at(series[1])
            if often <= self.settings.alarms:
                yield Burst(*series, days, number, mean, often)

    def _expected(self, series: Series, days: int) -> tuple[float, float]:
        """Return how many are expected in the window, and the shape of the gamma distribution of that."""
        item, place = series
        district = self.district[place]
        everything = max(self.of_district[district], 1)
        share = max(self.of_place[place], 1) / everything
        prior = max(self.of_item[item, district], 1) * share / self.days * self.settings.prior_days
        certainty = prior + self.before[series]
        rate = certainty / (self.settings.prior_days + self.days)
        return rate * self._exposure(item, days), certainty

    def _exposure(self, item: int, days: int) -> float:
        """Return the days of the window, weighed by weekday and by the rise of everything but this item."""
        weights = self.weekday[-days:]
        others = sum(self.week[-days:]) - sum(self.item_week[item][-days:])
        usual = (sum(self.of_district.values()) - self.item_before[item]) / self.days * sum(weights)
        return sum(weights) * max(1.0, others / usual if usual else 1.0)

    def _looked_at(self, place: int) -> int:
        district = self.district[place]
        return max(1, len(self.kinds[district])) * max(1, len(self.places[district])) * len(WINDOWS)


def _widths(series: Series, around: Mapping[int, int]) -> list[Series]:
    """Return the series itself and that of the place around it."""
    item, place = series
    return [series, (item, around[place])] if place in around else [series]


def _weekdays(daily: list[int]) -> list[float]:
    """Return the weights of the seven days of the window: whole weeks lie before it, so places tell the weekday."""
    mean = sum(daily) / len(daily) if daily else 0
    if not mean:
        return [1.0] * WEEK
    return [(sum(daily[place::WEEK]) / len(daily[place::WEEK]) / mean * 3 + 1) / 4 for place in range(WEEK)]


def _spread(before: Mapping[Series, tuple[int, int]], days: int, most: float) -> float:
    """Return the variance of daily numbers over their mean, pooled over all series: 1 where chance alone is at work."""
    around = sum(squares - total * total / days for total, squares in before.values())
    mean = sum(total for total, _squares in before.values())
    return min(max(around / mean if mean else 1.0, 1.0) + 0.05, most)


def _narrowest(bursts: list[Burst], around: Mapping[int, int]) -> list[Burst]:
    """Leave out wider places most of whose cases lie in one narrower place that was found too."""
    most: dict[tuple[int, int, int], int] = defaultdict(int)
    for one in bursts:
        if one.place in around:
            wider = one.item, around[one.place], one.days
            most[wider] = max(most[wider], one.count)
    return [one for one in bursts if most.get((one.item, one.place, one.days), 0) < MOSTLY * one.count]


def _clearest(bursts: Iterable[Burst], around: Mapping[int, int]) -> list[Burst]:
    """Keep the first of those about one item whose places are the same or lie inside each other."""
    kept: list[Burst] = []
    taken: set[Series] = set()
    for one in bursts:
        if taken.isdisjoint([(one.item, one.place), (one.item, -around.get(one.place, 0))]):
            kept.append(one)
            taken.add((one.item, one.place))
            taken.add((one.item, around.get(one.place, one.place)))
            taken.add((one.item, -one.place))
    return kept

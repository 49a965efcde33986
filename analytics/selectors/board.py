"""态势, the situation board: what the roll-ups say of an area in a time. A few hundred rows, whatever the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from analytics.choices import Better, Dimension, Measure
from analytics.models import IndicatorVersion
from grid.choices import Level
from grid.models import Area
from shenzhen_gov.core.parameters import get_parameter

from .figures import Parts, Period, Value, evaluate, read_parts, versions_for

# The tiles, in their order, and what stands beside one: 满意率 never without its 参评率.
CARDS = (
    "accepted", "first_dispatch", "contact", "on_time", "working_hours", "satisfaction", "redone", "returns",
)  # fmt: skip
BESIDE = {"satisfaction": "evaluated", "returns": "returns_agreed"}
RANKED_BY = "three_rates"
COLUMNS = (RANKED_BY, "accepted", "on_time", "satisfaction", "evaluated", "redone")
DISPATCH = ("first_dispatch", "automatic", "returns", "returns_agreed")
WITH_ITEMS = (Level.CITY, Level.DISTRICT)  # where items and channels are summed


@dataclass(frozen=True)
class Scope:
    """What a board is about: an area, narrowed to a duty item or a channel where the roll-ups can answer."""

    area: Area
    item_id: int = 0
    channel_id: int = 0

    @property
    def dimension(self) -> Dimension:
        """Return which roll-ups answer."""
        return Dimension.ITEM if self.item_id else Dimension.CHANNEL if self.channel_id else Dimension.AREA

    @property
    def key(self) -> int:
        """Return the key of the rows within them."""
        return self.item_id or self.channel_id

    def read(self, areas: Iterable[int], period: Period | None) -> dict[int, Parts]:
        """Return area → what was posted in the time; nothing for a time that has no day yet."""
        ids = list(areas)
        if period is None or period.last < period.first:
            return {pk: Parts() for pk in ids}
        return read_parts(self.dimension, ids, period, key=self.key)


@dataclass(frozen=True)
class Span:
    """The time of a board. Counts run up to now, rates up to the last day that is over (ADR 0011)."""

    period: Period
    today: date
    by_month: bool = False  # items are summed by months, so the running day cannot be left out

    @property
    def over(self) -> Period:
        """Return the days of it that are over; `last` lies before `first` when there is none."""
        last = self.period.last
        return self.period if self.by_month else Period(self.period.first, min(last, self.today - timedelta(days=1)))

    @property
    def running(self) -> Period | None:
        """Return the running day, when it is in it and not in `over`."""
        has_today = self.period.last >= self.today and not self.by_month
        return Period(self.today, self.today) if has_today else None

    @property
    def has_over(self) -> bool:
        """Whether a day of it is over."""
        return self.over.last >= self.over.first


@dataclass(frozen=True)
class Change:
    """How a value moved: in points, hours or times, a count in per cent; None where there is nothing to compare."""

    by: float | None = None
    is_better: bool | None = None


@dataclass(frozen=True)
class Card:
    """One indicator with 环比 (the time before) and 同比 (the year before)."""

    value: Value
    before: Change
    year: Change
    beside: Value | None = None


@dataclass(frozen=True)
class Line:
    """An area in the ranking. `rank` is None where too few were evaluated; `moved`: places gained since before."""

    area: Area
    values: Mapping[str, Value]
    change: Change
    is_thin: bool
    then: float | None = None  # what it was ranked by before
    rank: int | None = None
    moved: int | None = None

    @property
    def gained(self) -> int:
        """Return how many places it went up."""
        return max(self.moved or 0, 0)

    @property
    def lost(self) -> int:
        """Return how many places it went down."""
        return max(-(self.moved or 0), 0)


@dataclass(frozen=True)
class Board:
    """Everything the roll-ups say."""

    scope: Scope
    span: Span
    cards: list[Card]
    dispatch: list[Value]
    parts: Parts  # up to now
    parts_over: Parts  # of the days that are over
    tiles: list[Line]
    ranking: list[Line]
    versions: Mapping[str, IndicatorVersion]


def get_board(scope: Scope, span: Span, rank_level: int | None = None) -> Board:
    """Return the board of an area in a time; `rank_level`: which areas are ranked (default: the subdistricts)."""
    versions = versions_for(span.period.last)
    below = _areas_ranked(scope, rank_level)
    ids = [scope.area.pk, *(area.pk for area in below)]
    now, before = scope.read(ids, span.over), scope.read(ids, span.over.before if span.has_over else None)
    own = now[scope.area.pk]
    year = scope.read(ids[:1], span.over.year_before if span.has_over else None)[scope.area.pk]
    up_to_now = own.plus(scope.read(ids[:1], span.running)[scope.area.pk])
    cards = _cards(versions, (up_to_now, own, before[scope.area.pk], year))
    lines = _ranked(below, versions, now, before, span.period.last)
    one_below = scope.area.level + 1
    ranked_level = rank_level or _usual_level(scope)
    return Board(
        scope=scope, span=span, cards=cards, parts=up_to_now, parts_over=own, versions=versions,
        dispatch=[value for code, value in evaluate(versions, own).items() if code in DISPATCH],
        tiles=[line for line in lines if line.area.level == one_below],
        ranking=_with_ranks([line for line in lines if line.area.level == ranked_level]),
    )  # fmt: skip


def rank_levels(scope: Scope) -> list[Level]:
    """Return the levels that may be ranked below an area, the usual one first."""
    if scope.key:
        return [Level.DISTRICT] if scope.area.level == Level.CITY else []
    found = [level for level in (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY) if level > scope.area.level]
    return sorted(found[:2], key=lambda level: level != Level.SUBDISTRICT)


def _usual_level(scope: Scope) -> int | None:
    return next(iter(rank_levels(scope)), None)


def _areas_ranked(scope: Scope, rank_level: int | None) -> list[Area]:
    """Return the areas of the tiles and of the ranking; below a district nothing is summed by item or channel."""
    levels = {scope.area.level + 1, rank_level or _usual_level(scope)} - {None}
    if scope.key or scope.area.level >= Level.COMMUNITY:
        levels &= set(rank_levels(scope))
    return list(Area.objects.below(scope.area).filter(level__in=levels, is_active=True).order_by("code"))


def _cards(versions: Mapping[str, IndicatorVersion], times: tuple[Parts, Parts, Parts, Parts]) -> list[Card]:
    """Return the tiles; what is shown of a count is up to now, what is compared are days that are over."""
    up_to_now, own, before, year = (evaluate(versions, parts) for parts in times)
    cards = []
    for code in CARDS:
        if code in own:
            shown = up_to_now[code] if own[code].version.measure == Measure.COUNT else own[code]
            changes = change(own[code], before[code]), change(own[code], year[code])
            cards.append(Card(shown, *changes, beside=own.get(BESIDE.get(code, ""))))
    return cards


def change(now: Value, then: Value) -> Change:
    """Return how a value moved from `then` to `now`, and whether that is better."""
    if now.value is None or then.value is None:
        return Change()
    by = now.value - then.value
    if now.version.measure == Measure.COUNT:
        if not then.value:
            return Change()
        by = 100 * by / then.value
    better = now.version.better
    if better == Better.NONE or round(by, 1) == 0:
        return Change(by)
    return Change(by, is_better=(by > 0) == (better == Better.HIGHER))


def _ranked(
    areas: list[Area],
    versions: Mapping[str, IndicatorVersion],
    now: Mapping[int, Parts],
    before: Mapping[int, Parts],
    day: date,
) -> list[Line]:
    least = float(get_parameter("board.least_evaluated", day))
    wanted = {code: version for code, version in versions.items() if _is_wanted(code, versions)}
    lines = []
    for area in areas:
        values, then = evaluate(wanted, now[area.pk]), evaluate(wanted, before[area.pk])
        moved = change(values["satisfaction"], then["satisfaction"]) if "satisfaction" in values else Change()
        ranked_then = then[RANKED_BY].value if RANKED_BY in then and not _is_thin(then, least) else None
        lines.append(Line(area, values, moved, _is_thin(values, least), ranked_then))
    return lines


def _is_thin(values: Mapping[str, Value], least: float) -> bool:
    """Whether too small a share was evaluated to compare the area."""
    share = values["evaluated"].value if "evaluated" in values else None
    return share is None or share < least


def _is_wanted(code: str, versions: Mapping[str, IndicatorVersion]) -> bool:
    mean = versions.get(RANKED_BY)
    return code in COLUMNS or (mean is not None and code in mean.weights)


def _with_ranks(lines: list[Line]) -> list[Line]:
    """Return the lines in their order, with rank and places gained; those with too few verdicts last, unranked."""
    places = _ranks({line.area.pk: line.then for line in lines})
    ranks = _ranks({line.area.pk: line.values[RANKED_BY].value for line in lines if _is_rankable(line)})
    found = [_placed(line, ranks.get(line.area.pk), places.get(line.area.pk)) for line in lines]
    return sorted(found, key=lambda line: (line.rank is None, line.rank or 0))


def _is_rankable(line: Line) -> bool:
    return not line.is_thin and RANKED_BY in line.values


def _ranks(values: Mapping[int, float | None]) -> dict[int, int]:
    """Return id → place, the highest first; equal values share a place."""
    there = sorted((value for value in values.values() if value is not None), reverse=True)
    return {pk: 1 + there.index(value) for pk, value in values.items() if value is not None}


def _placed(line: Line, rank: int | None, before: int | None) -> Line:
    return replace(line, rank=rank, moved=before - rank if rank and before else None)

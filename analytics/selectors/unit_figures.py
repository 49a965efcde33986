"""The situation board of a unit: what the roll-ups say of it and the units below it, for who has no area.

A row of a unit counts its own work; a bureau is the sum of its own and its offices' rows, so that the lines of the
board add up to its tiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import cache
from django.utils.translation import gettext as _

from analytics.choices import LEVEL_READERS, Dimension, Measure, TableColumns, TableRows
from analytics.models import FiguresState, IndicatorVersion
from grid.access import grants_of, lacking
from grid.models import Unit
from shenzhen_gov.core.exceptions import OutOfSight

from .board import Card, Change, Span, change
from .crosstab import Asked, Table, make_table
from .figures import Parts, Period, Value, evaluate, month_end, read_parts, versions_for
from .trend import months_before

# The tiles, in their order; what happens before dispatch belongs to no unit. 满意率 never without its 参评率.
CARDS = (
    "signing", "contact", "unit_on_time", "on_time", "working_hours", "satisfaction", "redone", "returns",
)  # fmt: skip
BESIDE = {"satisfaction": "evaluated", "returns": "returns_agreed"}
COLUMNS = ("signing", "contact", "unit_on_time", "on_time", "satisfaction", "evaluated")
TREND = ("unit_on_time", "on_time", "satisfaction")
SECONDS_KEPT, MOST_OFFERED = 60, 300


@dataclass(frozen=True)
class UnitScope:
    """A unit with those below it; `is_alone`: without them."""

    unit: Unit
    is_alone: bool = False
    key: int = 0  # a board of an area may be narrowed; this one is not

    @cached_property
    def paths(self) -> dict[int, str]:
        """Return id → path of the unit and those below it, closed ones too: what they did still counts."""
        if self.is_alone:
            return {self.unit.pk: self.unit.path}
        return dict(Unit.objects.below(self.unit).order_by("path").values_list("pk", "path"))

    def read(self, period: Period | None) -> dict[int, Parts]:
        """Return unit → what was posted for it in the time; nothing for a time that has no day yet."""
        if period is None or period.last < period.first:
            return {pk: Parts() for pk in self.paths}
        return read_parts(Dimension.UNIT, self.paths, period)


@dataclass(frozen=True)
class UnitLine:
    """One row: the unit itself without those below (`is_alone`), or a unit right below it with those below that."""

    scope: UnitScope
    values: Mapping[str, Value]
    parts: Parts

    @property
    def is_alone(self) -> bool:
        """Whether it is the unit of the board itself."""
        return self.scope.is_alone


@dataclass(frozen=True)
class UnitBoard:
    """Everything the roll-ups say of a unit."""

    scope: UnitScope
    span: Span
    cards: list[Card]
    parts: Parts  # up to now
    parts_over: Parts  # of the days that are over
    lines: list[UnitLine]
    versions: Mapping[str, IndicatorVersion]
    trend: Table
    state: FiguresState | None


def may_open_unit(user, unit: Unit) -> bool:
    """Whether one of the roles that read figures is held for the unit, or for the area it is at home in."""
    area = unit.home_area.path if unit.home_area_id else None
    grants = grants_of(user)
    return user.is_superuser or any(grants.covers(act, unit_path=unit.path, area_path=area) for act in LEVEL_READERS)


def get_unit(user, unit_id: int) -> Unit:
    """Return the unit whose figures `user` reads. Raises OutOfSight outside the territory, NotAllowed inside."""
    unit = Unit.objects.visible_to(user).select_related("home_area").filter(pk=unit_id).first()
    if unit is None:
        raise OutOfSight(_("Not found."))
    if not may_open_unit(user, unit):
        raise lacking(*LEVEL_READERS)
    return unit


def home_units(user) -> list[Unit]:
    """Return the outermost units whose figures `user` reads without reading those of an area, the highest first."""
    rows = grants_of(user).rows
    paths = {grant.unit_path for grant in rows if grant.act in LEVEL_READERS and not grant.area_path}
    outermost = {path for path in paths if not any(path != one and path.startswith(one) for one in paths)}
    return list(Unit.objects.filter(path__in=outermost).select_related("home_area").order_by("level", "path"))


def units_offered(user) -> list[tuple[Unit, int]]:
    """Return (unit, how far below one's own): one's own units and those right below them, at most MOST_OFFERED."""
    found: list[tuple[Unit, int]] = []
    for home in home_units(user):
        found.append((home, 0))
        below = Unit.objects.filter(parent=home).select_related("home_area").order_by("path")
        found += [(unit, 1) for unit in below[: MOST_OFFERED - len(found)]]
    return found[:MOST_OFFERED]


def units_around(user, unit: Unit) -> list[Unit]:
    """Return the units above that `user` may open, the highest first."""
    ids = [int(part) for part in unit.path.strip("/").split("/")][:-1]
    around = Unit.objects.visible_to(user).filter(pk__in=ids).select_related("home_area").order_by("path")
    return [one for one in around if may_open_unit(user, one)]


def get_unit_board(unit: Unit, span: Span, user) -> UnitBoard:
    """Return the board of a unit in a time, kept until the figures are refreshed as those of areas are."""
    state = FiguresState.objects.first()
    if state is None or state.refreshed_at is None:
        return _read(unit, span, user, state)
    parts = (unit.pk, span.period.first, span.period.last, span.today, state.refreshed_at.timestamp())
    key = "analytics.unit." + ".".join(map(str, parts))
    found = cache.get(key)
    if found is None:
        found = _read(unit, span, user, state)
        cache.set(key, found, SECONDS_KEPT)
    return found


def _read(unit: Unit, span: Span, user, state: FiguresState | None) -> UnitBoard:
    scope, versions = UnitScope(unit), versions_for(span.period.last)
    now = scope.read(span.over)
    own = _sum(now.values())
    before, year = (
        _sum(scope.read(then).values())
        for then in ((span.over.before, span.over.year_before) if span.has_over else (None, None))
    )
    up_to_now = own.plus(_sum(scope.read(span.running).values()))
    return UnitBoard(
        scope=scope, span=span, versions=versions, parts=up_to_now, parts_over=own, state=state,
        cards=_cards(versions, (up_to_now, own, before, year)), lines=_lines(scope, now, versions),
        trend=_trend(unit, span, user),
    )  # fmt: skip


def _cards(versions: Mapping[str, IndicatorVersion], times: tuple[Parts, Parts, Parts, Parts]) -> list[Card]:
    """Return the tiles; a count is shown up to now, what is compared are days that are over."""
    up_to_now, own, before, year = (evaluate(versions, parts) for parts in times)
    cards = []
    for code in (code for code in CARDS if code in own):
        shown = up_to_now[code] if own[code].version.measure == Measure.COUNT else own[code]
        changes: tuple[Change, Change] = change(own[code], before[code]), change(own[code], year[code])
        cards.append(Card(shown, *changes, beside=own.get(BESIDE.get(code, ""))))
    return cards


def _lines(scope: UnitScope, parts: Mapping[int, Parts], versions: Mapping[str, IndicatorVersion]) -> list[UnitLine]:
    """Return the unit itself, and of the units right below it those for which anything was posted."""
    wanted = {code: version for code, version in versions.items() if code in COLUMNS}
    children = list(Unit.objects.filter(parent=scope.unit).select_related("home_area").order_by("path"))
    rows = [(UnitScope(scope.unit, is_alone=True), parts.get(scope.unit.pk, Parts()))]
    for child in children:
        within = (found for pk, found in parts.items() if scope.paths[pk].startswith(child.path))
        rows.append((UnitScope(child), _sum(within)))
    return [
        UnitLine(one, evaluate(wanted, found), found)
        for one, found in rows
        if one.is_alone or any(found.everything.values())
    ]


def _trend(unit: Unit, span: Span, user) -> Table:
    """Return the last 24 months that are over, as a table of figures."""
    months = months_before(span.today)
    time = Period(months[0], month_end(months[-1]))
    asked = Asked(TableRows.MONTHS, TableColumns.SUM, TREND, unit.home_area, time, unit=unit)
    return make_table(asked, user)


def _sum(parts: Iterable[Parts]) -> Parts:
    total = Parts()
    for one in parts:
        for code, amount in one.everything.items():
            total.everything[code] += amount
            total.ranked[code] += one.ranked[code]
    return total

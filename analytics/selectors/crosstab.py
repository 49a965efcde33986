"""Ad-hoc tables (自助报表): rows × times × indicators, out of the roll-ups alone.

The sums of every row are read in one question, put in order, and cut into pages; the columns only for the rows shown.
What the roll-ups do not keep apart is refused with the reason, never made up. Rates are worked out from the sums of
their parts, so a total is never the mean of means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils.translation import gettext as _

from analytics.choices import Dimension, TableColumns, TableRows
from analytics.models import DayFigures, IndicatorVersion, MonthFigures
from analytics.parts import BY_CODE
from grid.choices import Level
from grid.models import Area, Unit
from shenzhen_gov.core.exceptions import BadInput

from .crosstab_rows import candidates, names_of
from .figures import Parts, Period, Value, evaluate, month_end, reading

ROWS_SHOWN, MOST_INDICATORS, MOST_CELLS, MOST_DAYS = 50, 6, 72, 1830
DIMENSIONS = {
    TableRows.BELOW: Dimension.AREA,
    TableRows.COMMUNITIES: Dimension.AREA,
    TableRows.UNITS: Dimension.UNIT,
    TableRows.ITEMS: Dimension.ITEM,
    TableRows.CHANNELS: Dimension.CHANNEL,
    TableRows.MONTHS: Dimension.AREA,
    TableRows.WEEKS: Dimension.AREA,
    TableRows.DAYS: Dimension.AREA,
}
TIMES = (TableRows.MONTHS, TableRows.WEEKS, TableRows.DAYS)
KEYED = (TableRows.ITEMS, TableRows.CHANNELS)
WITHOUT_UNIT = frozenset(
    {"registered", "accepted", "not_accepted", "answered", "repeated", "voided", "calls", "calls_answered_fast"}
)
Place = tuple[int | date | None, date | None]  # (row, column); None: all of them


@dataclass(frozen=True)
class Asked:
    """What a table is to show. `sort`: "name", or the code of an indicator, "-" before it for the highest first.

    With a `unit` it is about that unit and those below it, wherever `area` is, which is where the unit is at home.
    """

    rows: str
    columns: str
    indicators: tuple[str, ...]
    area: Area
    period: Period
    unit_kind: str = ""
    minimum: int = 0
    sort: str = ""
    unit: Unit | None = None

    @property
    def place(self) -> Area | Unit:
        """Return what the table is about."""
        return self.unit or self.area

    @property
    def dimension(self) -> Dimension:
        """Return which roll-up answers."""
        return Dimension.UNIT if self.unit else DIMENSIONS[TableRows(self.rows)]

    @property
    def grain(self) -> str:
        """Return how time is cut: for the rows where they are times, else for the columns."""
        return self.rows if self.rows in TIMES else self.columns

    @property
    def answered(self) -> Period:
        """Return the time that is answered: duty items are kept by whole months."""
        if self.dimension != Dimension.ITEM:
            return self.period
        return Period(self.period.first.replace(day=1), month_end(self.period.last))


@dataclass
class Line:
    """One row: its values over the whole time, and by column."""

    key: int | date | None
    name: str
    values: dict[str, Value]
    cells: dict[date, dict[str, Value]] = field(default_factory=dict)


@dataclass
class Table:
    """An answer. `more`: the key after which the next page begins, empty on the last one."""

    versions: list[IndicatorVersion]
    columns: list[date]
    lines: list[Line]
    total: Line
    count: int
    more: str = ""


class Catalogue:
    """The indicators chosen, each by the version in force on a day: a new definition does not rewrite what was."""

    def __init__(self, chosen: Iterable[str]):
        self.chosen = tuple(chosen)
        rows = IndicatorVersion.objects.filter(indicator__is_active=True).select_related("indicator")
        self.versions = list(rows.order_by("indicator__order", "indicator__code", "-effective_from"))
        known = {version.indicator.code for version in self.versions}
        if unknown := [code for code in self.chosen if code not in known]:
            raise BadInput(_("There is no indicator %(code)s.") % {"code": unknown[0][:40]}, field="indicators")

    def in_force(self, day: date) -> dict[str, IndicatorVersion]:
        """Return code → version; the chosen ones, and those that a mean is made of."""
        found: dict[str, IndicatorVersion] = {}
        for version in self.versions:
            if version.effective_from <= day:
                found.setdefault(version.indicator.code, version)
        needed = {part for code in self.chosen if code in found for part in found[code].weights}
        return {code: found[code] for code in (*self.chosen, *sorted(needed)) if code in found}

    def parts(self) -> list[str]:
        """Return the codes of all parts that any version needs."""
        chosen = [version for version in self.versions if version.indicator.code in self.chosen]
        needed = {code for version in chosen for code in version.weights} | set(self.chosen)
        used = {
            part
            for version in self.versions
            if version.indicator.code in needed
            for part in (*version.numerator, *version.denominator)
        }
        return sorted(used, key=list(BY_CODE).index)

    def values(self, parts: Parts, day: date) -> dict[str, Value]:
        """Return code → value of the chosen indicators as they were defined on a day."""
        found = evaluate(self.in_force(day), parts)
        return {code: found[code] for code in self.chosen if code in found}


def make_table(asked: Asked, user, *, after: str = "", limit: int = ROWS_SHOWN) -> Table:
    """Answer a table. Raises BadInput naming the field where the roll-ups cannot."""
    catalogue = Catalogue(asked.indicators)
    columns = _columns(asked)
    _check(asked, catalogue, columns)
    parts = catalogue.parts()
    scopes = candidates(asked.rows, asked.area, asked.unit_kind, asked.unit)
    sums = _read(asked, scopes, parts, by_row=True)
    end = asked.answered.last
    lines = [Line(key, "", catalogue.values(sums.get(key, _empty(parts)), _day_of(asked, key, end)))
             for key in _keys(asked, scopes, sums)]  # fmt: skip
    names = names_of(asked.rows, [line.key for line in lines], user)
    for line in lines:
        line.name = names[line.key]
    lines = _ordered([line for line in lines if _base(asked, line) >= asked.minimum], asked)
    shown, more = _page(lines, after, limit)
    total = _total(asked, scopes, sums, parts)
    whole = Line(None, asked.place.name, catalogue.values(total, end))
    if columns and asked.rows not in TIMES:
        _fill(asked, catalogue, parts, shown, whole, scopes)
    versions = catalogue.in_force(end)
    chosen = [versions[code] for code in asked.indicators if code in versions]
    return Table(chosen, columns, shown, whole, len(lines), more)


def _check(asked: Asked, catalogue: Catalogue, columns: list[date]) -> None:
    """Refuse what the roll-ups do not keep, and what no screen can show."""
    _check_time(asked)
    _check_rows(asked, catalogue)
    if not 1 <= len(asked.indicators) <= MOST_INDICATORS:
        raise BadInput(_("Choose one to %(most)s indicators.") % {"most": MOST_INDICATORS}, field="indicators")
    wide = len(columns) * len(asked.indicators)
    if asked.rows not in TIMES and wide > MOST_CELLS:
        text = _("That would be %(count)s columns; at most %(most)s fit. Choose longer steps or fewer indicators.")
        raise BadInput(text % {"count": wide, "most": MOST_CELLS}, field="columns")


def _check_time(asked: Asked) -> None:
    if asked.period.first > asked.period.last:
        raise BadInput(_("The time ends before it begins."), field="last")
    if asked.period.days > MOST_DAYS:
        raise BadInput(_("At most five years can be shown in one table."), field="first")
    if asked.rows in TIMES and asked.columns != TableColumns.SUM:
        raise BadInput(_("The rows are times already; choose only the whole time as columns."), field="columns")


def _check_rows(asked: Asked, catalogue: Catalogue) -> None:
    if asked.unit and asked.rows not in (TableRows.UNITS, *TIMES):
        raise BadInput(_("Of a unit only units and times are kept apart."), field="rows")
    if asked.rows in KEYED and asked.area.level > Level.DISTRICT:
        raise BadInput(_("Duty items and channels are counted for the city and for districts."), field="area")
    if asked.rows == TableRows.ITEMS and asked.columns not in (TableColumns.SUM, TableColumns.MONTHS):
        raise BadInput(_("Duty items are counted by whole months; choose months as columns."), field="columns")
    if asked.dimension == Dimension.UNIT and (unknown := _not_of_units(catalogue)):
        text = _("%(name)s is not counted for units: what happens before dispatch belongs to none.")
        raise BadInput(text % {"name": unknown.indicator}, field="indicators")


def _not_of_units(catalogue: Catalogue) -> IndicatorVersion | None:
    chosen = (version for version in catalogue.versions if version.indicator.code in catalogue.chosen)
    return next((one for one in chosen if WITHOUT_UNIT.intersection((*one.numerator, *one.denominator))), None)


def _read(
    asked: Asked,
    scopes: Collection[int],
    parts: list[str],
    *,
    by_row: bool = False,
    by_column: bool = False,
    keys: Collection | None = None,
) -> dict:
    """Return the sums by row, by column, or (with both) by (row, column); `keys`: of these items or channels only."""
    found: dict = {}
    key = "key_id" if asked.rows in KEYED else "scope_id"
    is_time = asked.rows in TIMES
    for rows, is_by_day in _sources(asked, scopes):
        rows = rows if keys is None else rows.filter(key_id__in=keys)
        names = [key] if by_row and not is_time else []
        if by_column or (by_row and is_time):
            rows = rows.annotate(step=_step(asked.grain, is_by_day=is_by_day))
            names = [*names, "step"]
        sums = {f"sum_{code}": Sum(code) for code in parts}
        for *place, is_excluded, row in _grouped(rows, names, sums):
            where = tuple(place) if len(place) > 1 else place[0] if place else None
            _add(found.setdefault(where, _empty(parts)), row, is_excluded=is_excluded)
    return found


def _grouped(rows: QuerySet, names: list[str], sums: dict) -> Iterable[tuple]:
    for row in rows.order_by().values(*names, "is_excluded").annotate(**sums):
        amounts = {name.removeprefix("sum_"): row[name] or 0 for name in sums}
        yield *(row[name] for name in names), row["is_excluded"], amounts


def _sources(asked: Asked, scopes: Collection[int]) -> Iterable[tuple[QuerySet, bool]]:
    """Yield the roll-ups that together hold the time, and whether by day: whole months from the months."""
    by_month = MonthFigures.objects.using(reading())
    by_day = DayFigures.objects.using(reading())
    period = asked.answered
    if asked.dimension == Dimension.ITEM:
        yield by_month.of(asked.dimension, scopes, period.first, period.last), False
    elif asked.grain in (TableColumns.WEEKS, TableColumns.DAYS):
        yield by_day.of(asked.dimension, scopes, period.first, period.last), True
    else:
        months, rest = period.split()
        if months:
            yield by_month.of(asked.dimension, scopes, months[0], months[-1]), False
        for part in rest:
            yield by_day.of(asked.dimension, scopes, part.first, part.last), True


def _step(grain: str, *, is_by_day: bool):
    if is_by_day and grain == TableColumns.MONTHS:
        return TruncMonth("period")
    return TruncWeek("period") if is_by_day and grain == TableColumns.WEEKS else F("period")


def _columns(asked: Asked) -> list[date]:
    """Return the first days of the months or weeks, or the days, that the time is cut into."""
    grain, period = asked.grain, asked.answered
    if grain == TableColumns.SUM or period.first > period.last or period.days > MOST_DAYS:
        return []
    day, steps = _first_of(grain, period.first), []
    while day <= period.last:
        steps.append(day)
        day = _last_of(grain, day) + timedelta(days=1)
    return steps


def _first_of(grain: str, day: date) -> date:
    if grain == TableColumns.MONTHS:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if grain == TableColumns.WEEKS else day


def _last_of(grain: str, first: date) -> date:
    if grain == TableColumns.MONTHS:
        return month_end(first)
    return first + timedelta(days=6) if grain == TableColumns.WEEKS else first


def _day_of(asked: Asked, key, end: date) -> date:
    """Return the day whose definitions hold for a row: the last one of it."""
    return min(_last_of(asked.grain, key), end) if asked.rows in TIMES else end


def _keys(asked: Asked, scopes: Collection[int], sums: dict) -> Iterable:
    if asked.rows in TIMES:
        return _columns(asked)
    return [key for key in sums if key] if asked.rows in KEYED else scopes


def _total(asked: Asked, scopes: Collection[int], sums: dict, parts: list[str]) -> Parts:
    """Return the whole: of an area also what lies in none of the areas below it."""
    if asked.rows in (TableRows.BELOW, TableRows.COMMUNITIES):
        return _read(asked, [asked.area.pk], parts).get(None, _empty(parts))
    total = _empty(parts)
    for one in sums.values():
        _add(total, one.everything, is_excluded=True)
        for code in parts:
            total.ranked[code] += one.ranked[code]
    return total


def _fill(asked: Asked, catalogue: Catalogue, parts: list[str], lines: list[Line], whole: Line, scopes) -> None:
    """Read the columns of the rows shown, and of the whole."""
    of_areas = asked.rows in (TableRows.BELOW, TableRows.COMMUNITIES)
    every = [asked.area.pk] if of_areas else scopes
    keys = [line.key for line in lines if isinstance(line.key, int)]  # where the rows are times, nothing is filled
    if asked.rows in KEYED:
        cells = _read(asked, scopes, parts, by_row=True, by_column=True, keys=keys)
    else:
        cells = _read(asked, keys, parts, by_row=True, by_column=True)
    sums = _read(asked, every, parts, by_column=True)
    for column in _columns(asked):
        day = min(_last_of(asked.grain, column), asked.answered.last)
        whole.cells[column] = catalogue.values(sums.get(column, _empty(parts)), day)
        for line in lines:
            line.cells[column] = catalogue.values(cells.get((line.key, column), _empty(parts)), day)


def _ordered(lines: list[Line], asked: Asked) -> list[Line]:
    """Return the rows in order: what has no value comes last, whichever way."""
    code = asked.sort.removeprefix("-")
    if code not in asked.indicators:
        return lines if asked.sort != "-name" else lines[::-1]
    sign = -1 if asked.sort.startswith("-") else 1

    def place(line: Line):
        value = line.values[code].value if code in line.values else None
        return value is None, sign * (value or 0)

    return sorted(lines, key=place)


def _page(lines: list[Line], after: str, limit: int) -> tuple[list[Line], str]:
    keys = [str(line.key) for line in lines]
    start = keys.index(after) + 1 if after in keys else 0
    shown = lines[start : start + limit]
    return shown, str(shown[-1].key) if shown and start + limit < len(lines) else ""


def _base(asked: Asked, line: Line) -> float:
    """Return of how many the first indicator of a row speaks."""
    value = line.values.get(asked.indicators[0])
    return 0 if value is None else value.denominator if value.version.denominator else value.numerator


def _empty(parts: Iterable[str]) -> Parts:
    return Parts(dict.fromkeys(parts, 0), dict.fromkeys(parts, 0))


def _add(parts: Parts, amounts: dict[str, int], *, is_excluded: bool) -> None:
    for code, amount in amounts.items():
        parts.everything[code] += amount
        parts.ranked[code] += 0 if is_excluded else amount

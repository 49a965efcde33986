"""Reads a calendar CSV, refuses one with an error in it, and brings the table in line with it.

Columns: date (YYYY-MM-DD), kind (holiday / workday), name, source, provisional (yes / no). A file holds whole
years; years that it does not mention are left alone.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.models.calendar import CalendarDay, CalendarYear

COLUMNS = ["date", "kind", "name", "source", "provisional"]
# 《全国年节及纪念日放假办法》 art. 2, days for all citizens: 11 in the text of 2013, 13 since 1 January 2025.
FIXED_DAYS = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]
LOADED = "calendar.loaded"
audit.register({LOADED: _("Holiday calendar loaded")})


@dataclass(frozen=True)
class Row:
    """One line of the file."""

    date: date
    kind: str
    name: str
    source: str
    provisional: bool

    def as_day(self) -> CalendarDay:
        """Return the row as it is stored."""
        return CalendarDay(date=self.date, kind=self.kind, name=self.name, source=self.source)


@dataclass(frozen=True)
class Change:
    """One difference made: `mark` is "+", "-", "~" (day), "=" (year kept) or "year" (year row written)."""

    year: int
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.year} {self.mark} {self.text}"


def read_calendar(lines: Iterable[str]) -> dict[int, list[Row]]:
    """Return the rows of the file by year. Raises BadInput naming the row, or the year, in error."""
    reader = csv.DictReader(lines)
    if reader.fieldnames != COLUMNS:
        raise BadInput(format_lazy(_("The first line must be: {columns}"), columns=",".join(COLUMNS)))
    rows: dict[date, Row] = {}
    for raw in reader:
        row = _read_row(raw, reader.line_num)
        if row.date in rows:
            raise _bad(reader.line_num, format_lazy(_("{date} occurs twice"), date=str(row.date)))
        rows[row.date] = row
    table: dict[int, list[Row]] = {}
    for row in sorted(rows.values(), key=lambda row: row.date):
        table.setdefault(row.date.year, []).append(row)
    for year, of_year in table.items():
        _check_year(year, of_year)
    return table


@transaction.atomic
def apply_calendar(table: Mapping[int, list[Row]], *, by: Actor, now: datetime) -> list[Change]:
    """Make the database hold exactly these rows in these years; return what changed, nothing when it did not.

    A published year is never replaced by a provisional one (it is kept, and the list says so). Locks the year
    rows, so two loads queue. One audit entry per year written.
    """
    known = {row.year: row for row in CalendarYear.objects.select_for_update().filter(year__in=table)}
    changes: list[Change] = []
    for year, rows in sorted(table.items()):
        changes += _apply_year(year, rows, known.get(year), by, now)
    return changes


def _apply_year(year: int, rows: list[Row], known: CalendarYear | None, by: Actor, now: datetime) -> list[Change]:
    """Write one year; see `apply_calendar`."""
    provisional = any(row.provisional for row in rows)
    if known and known.complete and provisional and not known.provisional:
        return [Change(year, "=", str(_("kept: the published table is not replaced by a provisional one")))]
    changes = _apply_days(year, rows)
    source = "；".join(dict.fromkeys(row.source for row in rows))
    wanted = (True, provisional, source)
    if not changes and known and (known.complete, known.provisional, known.source) == wanted:
        return []
    values = {"complete": True, "provisional": provisional, "source": source, "loaded_at": now}
    written, _created = CalendarYear.objects.update_or_create(year=year, defaults=values)
    facts = {"days": [str(change) for change in changes], "provisional": provisional, "source": source}
    audit.record(LOADED, written, by=by, now=now, changes=facts)
    return [*changes, Change(year, "year", str(_("provisional") if provisional else _("complete")))]


def _apply_days(year: int, rows: list[Row]) -> list[Change]:
    """Bring the days of one year in line with the rows and return the differences."""
    known = {day.date: day for day in CalendarDay.objects.filter(date__year=year)}
    wanted = {row.date: row.as_day() for row in rows}
    gone = sorted(known.keys() - wanted.keys())
    changed = [day for day in wanted.values() if _facts(day) != _facts(known.get(day.date))]
    CalendarDay.objects.filter(date__in=gone).delete()
    CalendarDay.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["date"], update_fields=["kind", "name", "source"]
    )
    return [Change(year, "-", _describe(known[day])) for day in gone] + [
        Change(year, "~" if day.date in known else "+", _describe(day)) for day in changed
    ]


def _facts(day: CalendarDay | None) -> tuple[str, str, str] | None:
    return (day.kind, day.name, day.source) if day else None


def _describe(day: CalendarDay) -> str:
    return f"{day.date} {day.kind} {day.name}"


def _read_row(raw: Mapping, number: int) -> Row:
    """Return one line as a Row; BadInput names the line and what is wrong with it."""
    values = {name: (raw.get(name) or "").strip() for name in COLUMNS}
    if None in raw or "" in values.values():
        raise _bad(number, _("every column needs a value, and no more than the columns"))
    if values["kind"] not in CalendarDay.Kind.values:
        raise _bad(number, format_lazy(_("unknown kind: {value}"), value=values["kind"]))
    if values["provisional"] not in {"yes", "no"}:
        raise _bad(number, _("provisional must be yes or no"))
    try:
        day = date.fromisoformat(values["date"])
    except ValueError:
        raise _bad(number, format_lazy(_("not a date: {value}"), value=values["date"])) from None
    if values["kind"] == CalendarDay.Kind.WORKDAY and day.weekday() < 5:
        raise _bad(number, format_lazy(_("{date} is an ordinary working day already"), date=str(day)))
    return Row(day, values["kind"], values["name"], values["source"], values["provisional"] == "yes")


def _check_year(year: int, rows: list[Row]) -> None:
    """Refuse a year without its statutory holidays: half a table must not pass for a whole one."""
    off = {row.date for row in rows if row.kind == CalendarDay.Kind.HOLIDAY}
    fixed, least = (FIXED_DAYS, 11) if year < 2025 else ([*FIXED_DAYS, (5, 2)], 13)
    lacking = [str(day) for day in sorted(date(year, *month_day) for month_day in fixed) if day not in off]
    if lacking or len(off) < least:
        text = _("{year} is not whole: {count} of at least {least} holidays; not among them: {lacking}")
        facts = {"count": str(len(off)), "least": str(least), "lacking": ", ".join(lacking) or "-"}
        raise BadInput(format_lazy(text, year=str(year), **facts))


def _bad(number: int, reason) -> BadInput:
    """Return the refusal of one line of the file."""
    return BadInput(format_lazy(_("Row {number}: {reason}"), number=str(number), reason=reason))

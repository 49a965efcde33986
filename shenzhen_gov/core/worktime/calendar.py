"""The working calendar of this installation, read from the database and kept per process.

Every `get_calendar()` asks the database for one small checksum of the table (one query, about 350 rows) and
reads the table again only when it differs, so a change by any route, even a rollback, is noticed at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.apps import apps
from django.db import connection, models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .clock import WorkCalendar, YearTable
from .hours import DEFAULT_HOURS, WorkingHours

ALARM_DAYS = 60  # the dashboard speaks up this many days before a year without a table begins

MARK_SQL = """
SELECT md5(coalesce((SELECT string_agg(y.year || '/' || y.complete, ',' ORDER BY y.year)
                     FROM core_calendaryear y), '')
        || coalesce((SELECT string_agg(d.date || d.kind, ',' ORDER BY d.date) FROM core_calendarday d), ''))
"""


class LimitUnit(models.TextChoices):
    """The units of a limit; the values are what `add_limit` takes."""

    WORKHOUR = "workhour", _("working hours")
    WORKDAY = "workday", _("working days")
    DAY = "day", _("calendar days")
    HOUR = "hour", _("hours")
    MINUTE = "minute", _("minutes")


@dataclass(frozen=True)
class _Kept:
    """What this process holds: the table, its checksum, and a calendar for each set of hours."""

    mark: str
    tables: Mapping[int, YearTable]
    calendars: dict[WorkingHours, WorkCalendar] = field(default_factory=dict)


_kept = _Kept("", {})

_model = partial(apps.get_model, "core")  # asked late: models may import this package


def get_calendar(hours: WorkingHours = DEFAULT_HOURS) -> WorkCalendar:
    """Return the calendar of all complete years for these working hours. One query: call it once a batch."""
    global _kept  # noqa: PLW0603 - replaced whole, so threads see either the old table or the new one
    mark = _table_mark()
    kept = _kept
    if kept.mark != mark:
        kept = _kept = _Kept(mark, _read_tables())
    if hours not in kept.calendars:
        kept.calendars[hours] = WorkCalendar(kept.tables, hours)
    return kept.calendars[hours]


def is_working_day(day: date, calendar: WorkCalendar | None = None) -> bool:
    """Return whether `day` is worked; MissingCalendarYear when its year has no complete table."""
    return (calendar or get_calendar()).is_working_day(day)


def next_working_moment(at: datetime, calendar: WorkCalendar | None = None) -> datetime:
    """Return `at` (cut to the second) inside working time, else the next opening moment, Shanghai time."""
    return (calendar or get_calendar()).next_working_moment(at)


def missing_years(today: date, horizon_days: int = ALARM_DAYS) -> list[int]:
    """Return the years up to `horizon_days` after `today` without a complete table: deadlines will fail."""
    known = _model("CalendarYear").objects.filter(complete=True).values_list("year", flat=True)
    return sorted(_years_ahead(today, horizon_days) - set(known))


def provisional_years(today: date, horizon_days: int = ALARM_DAYS) -> list[int]:
    """Return the years within the horizon whose table still waits for the State Council's notice."""
    waiting = _model("CalendarYear").objects.filter(complete=True, provisional=True)
    return sorted(_years_ahead(today, horizon_days) & set(waiting.values_list("year", flat=True)))


def calendar_alarms(today: date, horizon_days: int = ALARM_DAYS) -> Sequence[Promise]:
    """Return what a dashboard must say about the table, most urgent first; empty when all is well."""
    missing = _("The holiday calendar for {year} is missing: no deadline can be worked out in that year.")
    waiting = _("The holiday calendar for {year} is provisional: load the yearly notice once it is published.")
    return [format_lazy(missing, year=str(year)) for year in missing_years(today, horizon_days)] + [
        format_lazy(waiting, year=str(year)) for year in provisional_years(today, horizon_days)
    ]


def _years_ahead(today: date, horizon_days: int) -> set[int]:
    """Return the years touched by the horizon."""
    return set(range(today.year, (today + timedelta(days=horizon_days)).year + 1))


def _table_mark() -> str:
    """Return a checksum of everything the arithmetic reads from the table."""
    with connection.cursor() as cursor:
        cursor.execute(MARK_SQL)
        return cursor.fetchone()[0]


def _read_tables() -> Mapping[int, YearTable]:
    """Return, for each complete year, its exceptions from the ordinary week."""
    years = _model("CalendarYear").objects.using(connection.alias).filter(complete=True)
    tables: dict[int, dict[date, bool]] = {year: {} for year in years.values_list("year", flat=True)}
    days = _model("CalendarDay").objects.using(connection.alias)
    for day, kind in days.values_list("date", "kind"):
        if day.year in tables:
            tables[day.year][day] = kind == "workday"
    return tables

"""Arithmetic of working time: plain Python, no database, no Django.

All moments are aware datetimes, whole seconds (a fraction is cut off), local time of Asia/Shanghai, which has
had no daylight saving since 1991. A working span contains its opening and not its closing moment when the
question is "is it working time now"; a limit that is used up at closing is due at closing (12:00, not 14:00).
"""

from array import array
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from .hours import DAY_SECONDS, DEFAULT_HOURS, WorkingHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKDAY = "workday"
WORKHOUR = "workhour"
UNIT_SECONDS = {WORKHOUR: 3600, "day": DAY_SECONDS, "hour": 3600, "minute": 60}

Amount = int | Decimal
YearTable = Mapping[date, bool]  # the exceptions of one year: True = made-up working day, False = holiday


class _Run:
    """Consecutive complete years, precomputed: the working days, and how many lie before each day."""

    def __init__(self, years: list[int], tables: Mapping[int, YearTable], weekdays: frozenset[int]):
        self.last_year = years[-1]
        self.first = date(years[0], 1, 1).toordinal()
        self.days = array("i")
        self.before = array("i", [0])
        for ordinal in range(self.first, date(self.last_year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            if tables[day.year].get(day, day.weekday() in weekdays):
                self.days.append(ordinal)
            self.before.append(len(self.days))


class WorkCalendar:
    """The working days of all complete years with the working hours of a day; immutable.

    `tables` holds, per complete year, its exceptions from the ordinary week. A year that is not a key is
    missing: every question that touches it raises MissingCalendarYear.
    """

    def __init__(self, tables: Mapping[int, YearTable], hours: WorkingHours = DEFAULT_HOURS):
        self.hours = hours
        self._runs: dict[int, _Run] = {}
        for years in _consecutive(sorted(tables)):
            self._runs.update(dict.fromkeys(years, _Run(years, tables, hours.weekdays)))

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` (of a moment: its day in Shanghai) is worked."""
        if isinstance(day, datetime):
            day = _local(day)
        run = self._run(day.year)
        index = day.toordinal() - run.first
        return run.before[index] != run.before[index + 1]

    def next_working_moment(self, at: datetime) -> datetime:
        """Return `at` itself inside working time, else the next opening moment."""
        run, worked = self._worked(_local(at))
        return self._moment(run, worked + 1) - timedelta(seconds=1)

    def add_working_seconds(self, at: datetime, seconds: int) -> datetime:
        """Return the first moment by which `seconds` have been worked; 0 gives the next working moment."""
        if not seconds:
            return self.next_working_moment(at)
        run, worked = self._worked(_local(at))
        return self._moment(run, worked + seconds)

    def end_of_workday(self, at: datetime, count: int) -> datetime:
        """Return closing time of the `count`-th working day after the day on which `at` counts."""
        run, worked = self._worked(_local(at))
        return _moment_of(_nth_day(run, worked // self.hours.length + count), self.hours.closing)

    def seconds_between(self, a: datetime, b: datetime) -> int:
        """Return the working seconds from `a` to `b`; ValueError when `b` is before `a`."""
        start, end = _local(a), _local(b)
        if end < start:
            raise ValueError(f"{b} is before {a}")
        (run, before), (last_run, until) = self._worked(start), self._worked(end)
        if run is not last_run:
            raise _missing(run.last_year + 1)
        return until - before

    def _run(self, year: int) -> _Run:
        try:
            return self._runs[year]
        except KeyError:
            raise _missing(year) from None

    def _worked(self, at: datetime) -> tuple[_Run, int]:
        """Return the run of years `at` lies in, and the working seconds from its beginning to `at`."""
        run = self._run(at.year)
        index = at.toordinal() - run.first
        days = run.before[index]
        if days == run.before[index + 1]:
            return run, days * self.hours.length
        return run, days * self.hours.length + self.hours.elapsed(at.hour * 3600 + at.minute * 60 + at.second)

    def _moment(self, run: _Run, worked: int) -> datetime:
        """Return the first moment of the run by which `worked` (at least 1) seconds have been worked."""
        index, rest = divmod(worked - 1, self.hours.length)
        return _moment_of(_nth_day(run, index), self.hours.second_at(rest + 1))


def add_limit(start: datetime, amount: Amount, unit: str, calendar: WorkCalendar) -> datetime:
    """Return the moment at which a limit of `amount` `unit`s that starts at `start` is due, Shanghai time.

    - `minute`, `hour`, `day` (自然日): exactly 60 s, 3600 s and 24 h each; they need no calendar.
    - `workhour` (工作时): 3600 s inside working hours; due at closing when used up exactly there. The answer
      is always a working moment; amount 0 is due at the next working moment.
    - `workday` (工作日): closing time of the n-th working day after the day on which the start counts. A
      start outside working time (after closing, at lunch, on a day off) counts from the next working moment:
      Friday 17:59 + 1 is Monday, Friday 18:00 + 1 and Saturday + 1 are Tuesday. [P] proposed: it gives the
      acting unit n whole working days; the other reading (a day off is itself the start) is a day shorter.

    Raises ValueError for a naive start, an unknown unit, a negative amount, a fraction of a working day or of
    a second, and MissingCalendarYear when the answer depends on a year without a complete table.
    """
    if unit == WORKDAY:
        return calendar.end_of_workday(start, _whole(amount, 1, unit))
    try:
        seconds = _whole(amount, UNIT_SECONDS[unit], unit)
    except KeyError:
        raise ValueError(f"unknown unit of a limit: {unit!r}") from None
    if unit == WORKHOUR:
        return calendar.add_working_seconds(start, seconds)
    return _local(start) + timedelta(seconds=seconds)


def working_seconds_between(a: datetime, b: datetime, calendar: WorkCalendar) -> int:
    """Return the seconds of working time from `a` to `b`.

    Raises ValueError when `b` is before `a`, MissingCalendarYear when a year between them has no table.
    """
    return calendar.seconds_between(a, b)


def _local(at: datetime) -> datetime:
    """Return the moment in Shanghai time, cut to the second."""
    if at.utcoffset() is None:
        raise ValueError(f"a moment needs a time zone: {at}")
    return at.astimezone(SHANGHAI).replace(microsecond=0)


def _whole(amount: Amount, size: int, unit: str) -> int:
    """Return `amount` × `size` as the whole number it must be."""
    total = amount * size
    if total < 0 or total != int(total):
        raise ValueError(f"a limit must be a whole number, not negative: {amount} {unit}")
    return int(total)


def _moment_of(ordinal: int, second: int) -> datetime:
    """Return the moment `second` seconds after midnight of a day."""
    return datetime.combine(date.fromordinal(ordinal), time(), SHANGHAI) + timedelta(seconds=second)


def _nth_day(run: _Run, index: int) -> int:
    """Return the working day at `index` of the run, which must not lie beyond the last complete year."""
    if index >= len(run.days):
        raise _missing(run.last_year + 1)
    return run.days[index]


def _consecutive(years: list[int]) -> Iterable[list[int]]:
    """Split sorted years into lists without a gap."""
    group: list[int] = []
    for year in years:
        if group and year != group[-1] + 1:
            yield group
            group = []
        group.append(year)
    if group:
        yield group


def _missing(year: int) -> Exception:
    """Return the refusal; imported here because it is a Django class and this module is not."""
    from .errors import MissingCalendarYear

    return MissingCalendarYear(year)

"""Working time: hand-counted examples, properties, and agreement with naive stepping."""

import csv
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shenzhen_gov.core.worktime import (
    SHANGHAI,
    MissingCalendarYear,
    WorkCalendar,
    WorkingHours,
    add_limit,
    working_seconds_between,
)

CSV = Path(__file__).parents[1] / "data" / "calendar.csv"
DAY_WORKED = 7 * 3600


def read_tables() -> dict[int, dict[date, bool]]:
    tables: dict[int, dict[date, bool]] = {}
    with CSV.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row["date"])
            tables.setdefault(day.year, {})[day] = row["kind"] == "workday"
    return tables


TABLES = read_tables()
CALENDAR = WorkCalendar(TABLES)
SHIFTS = WorkCalendar(TABLES, WorkingHours.parse("00:00-08:00,08:00-24:00", range(7)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, amount, unit: str, calendar: WorkCalendar = CALENDAR) -> str:
    return add_limit(at(start), amount, unit, calendar).strftime("%Y-%m-%d %H:%M:%S")


# --- counted by hand on the published notices ---------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        # Spring Festival 2024: off 10-17 February; Sundays 4 and 18 and Friday 9 February are worked.
        ("2024-02-03 10:00", 1, "workday", "2024-02-05 18:00:00"),  # Saturday counts from Sunday the 4th
        ("2024-02-02 10:00", 1, "workday", "2024-02-04 18:00:00"),  # Friday: the next working day is Sunday
        ("2024-02-09 17:59:59", 1, "workday", "2024-02-18 18:00:00"),
        ("2024-02-09 18:00", 1, "workday", "2024-02-19 18:00:00"),  # closing: counts from Sunday the 18th
        ("2024-02-12 03:00", 5, "workday", "2024-02-23 18:00:00"),
        ("2024-02-09 15:00", 4, "workhour", "2024-02-18 10:00:00"),  # 3 h on the eve, 1 h on Sunday the 18th
        ("2024-02-09 14:00", 4, "workhour", "2024-02-09 18:00:00"),  # used up exactly at closing
        ("2024-02-09 14:00:01", 4, "workhour", "2024-02-18 09:00:01"),
        # National Day 2025: off 1-8 October; Sunday 28 September and Saturday 11 October are worked.
        ("2025-09-26 16:00", 1, "workday", "2025-09-28 18:00:00"),
        ("2025-09-26 16:00", 5, "workday", "2025-10-10 18:00:00"),  # 28, 29, 30 September, 9, 10 October
        ("2025-10-10 09:00", 1, "workday", "2025-10-11 18:00:00"),
        ("2025-10-11 09:00", 1, "workday", "2025-10-13 18:00:00"),
        ("2025-09-30 16:30", 4, "workhour", "2025-10-09 11:30:00"),
        ("2025-10-05 12:00", 7, "workhour", "2025-10-09 18:00:00"),
        # 2018: Saturday 29 December worked, 30 December - 1 January off.
        ("2018-12-29 17:00", 2, "workhour", "2019-01-02 10:00:00"),
        ("2018-12-28 09:00", 2, "workday", "2019-01-02 18:00:00"),
        # 2020: the Spring Festival lengthened to 2 February; Saturday 1 February no longer worked.
        ("2020-01-23 17:00", 1, "workday", "2020-02-03 18:00:00"),
        # Labour Day 2019 as changed: 1-4 May off, Sundays 28 April and 5 May worked.
        ("2019-04-26 12:00", 4, "workday", "2019-05-05 18:00:00"),  # lunch on Friday: 28, 29, 30 April, 5 May
    ],
)
def test_a_limit_counted_by_hand_falls_due_where_the_notice_says(start, amount, unit, expected):
    assert due(start, amount, unit) == expected


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-11-20 23:59:59", 1, "workhour", "2026-11-23 10:00:00"),
        ("2026-11-23 00:00:00", 1, "workhour", "2026-11-23 10:00:00"),
        ("2026-11-23 00:00:00", 0, "workhour", "2026-11-23 09:00:00"),
        ("2026-11-23 12:00:00", 0, "workhour", "2026-11-23 14:00:00"),
        ("2026-11-23 09:00:00", 3, "workhour", "2026-11-23 12:00:00"),
        ("2026-11-23 12:30:00", Decimal("0.5"), "workhour", "2026-11-23 14:30:00"),
        ("2026-11-23 00:00:00", 0, "workday", "2026-11-23 18:00:00"),
        ("2026-11-22 08:00:00", 0, "workday", "2026-11-23 18:00:00"),
        ("2026-12-31 17:30:00", 1, "workhour", "2027-01-04 09:30:00"),
        ("2026-12-31 23:00:00", 1, "workday", "2027-01-05 18:00:00"),
        ("2026-12-31 23:59:30", 1, "minute", "2027-01-01 00:00:30"),
        ("2026-02-28 09:00:00", 2, "day", "2026-03-02 09:00:00"),
        ("2026-02-15 09:00:00", 24, "hour", "2026-02-16 09:00:00"),
    ],
)
def test_midnight_lunch_and_the_turn_of_the_year_are_exact(start, amount, unit, expected):
    assert due(start, amount, unit) == expected


def test_the_answer_is_shanghai_time_whatever_zone_the_start_is_in():
    start = datetime(2024, 2, 9, 6, 0, tzinfo=UTC)  # 14:00 in Shenzhen
    answer = add_limit(start, 4, "workhour", CALENDAR)
    assert answer.isoformat() == "2024-02-09T18:00:00+08:00"
    assert not CALENDAR.is_working_day(datetime(2024, 2, 9, 16, 0, tzinfo=UTC))  # already the 10th


def test_a_fraction_of_a_second_is_cut_off():
    assert add_limit(at("2026-11-23 09:00:00.9"), 1, "hour", CALENDAR) == at("2026-11-23 10:00:00")
    assert working_seconds_between(at("2026-11-23 09:00:00.9"), at("2026-11-23 09:00:02"), CALENDAR) == 2


def test_made_up_sundays_are_worked_and_holidays_are_not():
    assert CALENDAR.is_working_day(date(2025, 9, 28))
    assert not CALENDAR.is_working_day(date(2025, 10, 8))
    assert not CALENDAR.is_working_day(date(2026, 11, 22))
    assert CALENDAR.next_working_moment(at("2025-09-30 18:00")) == at("2025-10-09 09:00")
    assert CALENDAR.next_working_moment(at("2025-10-09 11:59:59")) == at("2025-10-09 11:59:59")


def test_working_seconds_over_the_national_day_are_two_hours_and_a_half_day():
    seconds = working_seconds_between(at("2025-09-30 16:00"), at("2025-10-09 13:00"), CALENDAR)
    assert seconds == 2 * 3600 + 3 * 3600


# --- a year without a table ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "unit", "year"),
    [
        ("2017-12-29 10:00", 1, "workhour", 2017),
        ("2027-12-31 17:00", 2, "workhour", 2028),
        ("2027-12-31 17:00", 1, "workday", 2028),
        ("2027-12-31 18:00", 0, "workhour", 2028),
        ("2028-01-01 00:00", 0, "workday", 2028),
        ("2026-11-22 00:00", 100_000, "workday", 2028),
    ],
)
def test_a_limit_that_needs_a_missing_year_is_refused_naming_the_year(start, amount, unit, year):
    with pytest.raises(MissingCalendarYear, match=str(year)) as refusal:
        due(start, amount, unit)
    assert refusal.value.year == year


def test_the_refusal_survives_the_way_back_from_a_worker_process():
    assert pickle.loads(pickle.dumps(MissingCalendarYear(2028))).year == 2028  # noqa: S301


def test_a_gap_between_complete_years_is_not_jumped():
    gap = WorkCalendar({year: TABLES[year] for year in (2023, 2025)})
    assert due("2023-12-29 17:00", 1, "workhour", gap) == "2023-12-29 18:00:00"
    with pytest.raises(MissingCalendarYear, match="2024"):
        due("2023-12-29 17:00", 2, "workhour", gap)
    with pytest.raises(MissingCalendarYear, match="2024"):
        working_seconds_between(at("2023-12-29 17:00"), at("2025-01-02 09:00"), gap)


def test_natural_units_need_no_table():
    empty = WorkCalendar({})
    assert due("2031-12-31 23:00", 1, "day", empty) == "2032-01-01 23:00:00"
    with pytest.raises(MissingCalendarYear):
        empty.is_working_day(date(2026, 1, 1))


# --- what makes no sense ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(-1, "day"), (-1, "workday"), (Decimal("1.5"), "workday"), (Decimal("0.0001"), "workhour"), (1, "week")],
)
def test_a_limit_that_makes_no_sense_is_refused(amount, unit):
    with pytest.raises(ValueError, match="limit"):
        due("2026-11-23 09:00", amount, unit)


def test_a_moment_without_a_zone_and_time_running_backwards_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        add_limit(datetime(2026, 11, 23), 1, "day", CALENDAR)
    with pytest.raises(ValueError, match="before"):
        working_seconds_between(at("2026-11-23 09:00:01"), at("2026-11-23 09:00"), CALENDAR)


@pytest.mark.parametrize(
    "text", ["", "09:00", "12:00-09:00", "09:00-12:00,11:00-18:00", "09:00-24:01", "9-12", "09:00-25:00"]
)
def test_hours_that_make_no_day_are_refused(text):
    with pytest.raises(ValueError, match="."):
        WorkingHours.parse(text)


def test_weekdays_must_exist():
    with pytest.raises(ValueError, match="weekdays"):
        WorkingHours.parse("09:00-12:00", [7])


def test_a_service_that_never_closes_counts_natural_time_on_ordinary_days():
    assert due("2026-11-20 20:00", 8, "workhour", SHIFTS) == "2026-11-21 04:00:00"
    assert due("2026-11-20 20:00", 1, "workday", SHIFTS) == "2026-11-22 00:00:00"


# --- properties ---------------------------------------------------------------------------------------

moments = st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31), timezones=st.just(SHANGHAI)).map(
    lambda moment: moment.replace(microsecond=0)
)
units = st.sampled_from(["workhour", "workday", "day", "hour", "minute"])
amounts = st.integers(0, 60)


def is_open(moment: datetime) -> bool:
    """Say, without the code under test, whether the second that begins at `moment` is worked."""
    day = moment.date()
    worked = TABLES[day.year].get(day, day.isoweekday() <= 5)
    return worked and (9 <= moment.hour < 12 or 14 <= moment.hour < 18)


@given(moments, moments, amounts, amounts, units)
def test_a_later_start_or_a_longer_limit_is_never_due_earlier(a, b, short, long, unit):
    (a, b), (short, long) = sorted((a, b)), sorted((short, long))
    assert a <= add_limit(a, short, unit, CALENDAR) <= add_limit(b, short, unit, CALENDAR)
    assert add_limit(b, short, unit, CALENDAR) <= add_limit(b, long, unit, CALENDAR)


@given(moments, moments, moments)
def test_working_seconds_add_up(a, b, c):
    a, b, c = sorted((a, b, c))
    parts = working_seconds_between(a, b, CALENDAR) + working_seconds_between(b, c, CALENDAR)
    assert parts == working_seconds_between(a, c, CALENDAR) <= (c - a).total_seconds()


@given(moments, st.integers(1, 400), st.integers(1, 400))
def test_working_hours_end_in_working_time_use_up_the_limit_and_add_up(start, first, second):
    end = add_limit(start, first, "workhour", CALENDAR)
    assert is_open(end - timedelta(seconds=1))
    assert working_seconds_between(start, end, CALENDAR) == first * 3600
    assert add_limit(end, second, "workhour", CALENDAR) == add_limit(start, first + second, "workhour", CALENDAR)


@given(moments, st.integers(0, 60))
def test_working_days_end_at_closing_with_that_many_days_after_the_first(start, count):
    end = add_limit(start, count, "workday", CALENDAR)
    first = CALENDAR.next_working_moment(start)
    assert (end.hour, end.minute, end.second) == (18, 0, 0)
    days = (end.date() - first.date()).days
    later = [first.date() + timedelta(days=day) for day in range(1, days + 1)]
    assert sum(is_open(datetime(day.year, day.month, day.day, 10)) for day in later) == count


@given(moments)
def test_the_next_working_moment_is_open_and_nothing_open_lies_before_it(start):
    opening = CALENDAR.next_working_moment(start)
    assert is_open(opening)
    assert working_seconds_between(start, opening, CALENDAR) == 0
    assert opening == start or not is_open(start)


@given(moments, st.integers(0, 3600))
@settings(max_examples=40, deadline=None)
def test_seconds_agree_with_counting_each_one(start, length):
    counted = sum(is_open(start + timedelta(seconds=second)) for second in range(length))
    assert working_seconds_between(start, start + timedelta(seconds=length), CALENDAR) == counted


@given(moments, st.integers(1, 80))
@settings(max_examples=40, deadline=None)
def test_working_hours_agree_with_stepping_minute_by_minute(start, quarters):
    start = moment = start.replace(second=0)
    left = quarters * 15
    while left:
        left -= is_open(moment)
        moment += timedelta(minutes=1)
    assert add_limit(start, Decimal(quarters) / 4, "workhour", CALENDAR) == moment

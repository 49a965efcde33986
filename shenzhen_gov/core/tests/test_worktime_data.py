"""The shipped calendar against the notices, and a file with an error in it."""

from datetime import date

import pytest

from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.management.commands.load_calendar import SHIPPED
from shenzhen_gov.core.worktime.loading import COLUMNS, read_calendar

HEAD = ",".join(COLUMNS)
# Made-up working days each notice names, as changed (29 December 2018 belongs to the notice for 2019).
NOTICE = {
    2018: ("国办发明电〔2017〕12号", 6),
    2019: ("国办发明电〔2018〕15号", 5),
    2020: ("国办发明电〔2019〕16号", 6),
    2021: ("国办发明电〔2020〕27号", 7),
    2022: ("国办发明电〔2021〕11号", 7),
    2023: ("国办发明电〔2022〕16号", 7),
    2024: ("国办发明电〔2023〕7号", 8),
    2025: ("国办发明电〔2024〕12号", 5),
    2026: ("国办发明电〔2025〕7号", 6),
}


@pytest.fixture(scope="module")
def shipped():
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        return read_calendar(lines)


def test_ten_years_are_shipped_and_only_the_last_is_provisional(shipped):
    assert sorted(shipped) == list(range(2018, 2028))
    provisional = {year for year, rows in shipped.items() if any(row.provisional for row in rows)}
    assert provisional == {2027}


def test_every_notice_brings_as_many_made_up_days_as_it_names(shipped):
    rows = [row for of_year in shipped.values() for row in of_year if row.kind == "workday"]
    counted = {year: sum(number in row.source for row in rows) for year, (number, _) in NOTICE.items()}
    assert counted == {year: count for year, (_, count) in NOTICE.items()}
    changed = [row.date for row in rows if "国办发明电〔2019〕3号" in row.source]
    assert changed == [date(2019, 4, 28), date(2019, 5, 5)]
    assert all(row.date.weekday() >= 5 for row in rows)


def test_2026_is_the_notice_of_4_november_2025(shipped):
    off = {row.date for row in shipped[2026] if row.kind == "holiday"}
    spans = [((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21))]
    spans += [((9, 25), (9, 27)), ((10, 1), (10, 7))]
    assert len(off) == 33
    for first, last in spans:
        days = range(date(2026, *first).toordinal(), date(2026, *last).toordinal() + 1)
        assert off >= {date.fromordinal(day) for day in days}


def test_2027_has_the_thirteen_statutory_days(shipped):
    named = {row.date.strftime("%m-%d"): row.name for row in shipped[2027]}
    eve_and_first_days = ["02-05", "02-06", "02-07", "02-08"]  # 除夕 is 5 February 2027
    assert [day for day, name in named.items() if name == "春节"] == eve_and_first_days
    assert (named["04-05"], named["06-09"], named["09-15"]) == ("清明节", "端午节", "中秋节")
    assert len(named) == 13


def test_the_table_agrees_with_the_chinesecalendar_package(shipped):
    other = pytest.importorskip("chinese_calendar")
    for year in range(2018, 2027):
        kinds = {row.date: row.kind == "workday" for row in shipped[year]}
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            assert kinds.get(day, day.weekday() < 5) == other.is_workday(day), day


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026-13-01,holiday,元旦,通知,no", "2026-13-01"),
        ("2026-01-01,vacation,元旦,通知,no", "vacation"),
        ("2026-01-01,holiday,,通知,no", "column"),
        ("2026-01-01,holiday,元旦,通知", "column"),
        ("2026-01-01,holiday,元旦,通知,no,more", "column"),
        ("2026-01-01,holiday,元旦,通知,maybe", "yes"),
        ("2026-01-05,workday,元旦,通知,no", "2026-01-05"),
    ],
)
def test_an_error_in_the_file_names_the_row(line, reason, settings):
    settings.LANGUAGE_CODE = "en"
    good = "2026-01-04,workday,元旦,通知,no"
    with pytest.raises(BadInput) as refusal:
        read_calendar([HEAD, good, line])
    assert str(refusal.value).startswith("Row 3:")
    assert reason in str(refusal.value)


def test_a_day_that_occurs_twice_is_named(settings):
    settings.LANGUAGE_CODE = "en"
    line = "2026-01-04,workday,元旦,通知,no"
    with pytest.raises(BadInput, match="Row 3: 2026-01-04"):
        read_calendar([HEAD, line, line])


def test_a_wrong_first_line_and_half_a_year_are_refused(settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(BadInput, match="date,kind"):
        read_calendar(["day,kind", "2026-01-01,holiday"])
    with pytest.raises(BadInput, match="2026 .*2026-05-01, 2026-05-02, 2026-10-01"):
        read_calendar([HEAD, "2026-01-01,holiday,元旦,通知,no"])

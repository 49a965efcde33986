"""The table in the database: loading it, noticing changes, raising the alarm."""

from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils.translation import override

from shenzhen_gov.core.management.commands.load_calendar import SHIPPED
from shenzhen_gov.core.models import AuditEntry, CalendarDay, CalendarYear
from shenzhen_gov.core.worktime import (
    SHANGHAI,
    LimitUnit,
    MissingCalendarYear,
    WorkingHours,
    add_limit,
    calendar_alarms,
    get_calendar,
    is_working_day,
    missing_years,
    next_working_moment,
    provisional_years,
)

TODAY = date(2026, 11, 22)
START = datetime(2026, 9, 30, 17, 0, tzinfo=SHANGHAI)


def load(**options) -> str:
    out = StringIO()
    with override("en"):
        call_command("load_calendar", stdout=out, **options)
    return out.getvalue()


def empty_tables():
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()


class EmptyTableTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        empty_tables()

    def test_without_a_table_no_day_is_a_working_day_and_none_is_not(self):
        with pytest.raises(MissingCalendarYear, match="2026"):
            is_working_day(TODAY)
        assert missing_years(TODAY) == [2026, 2027]

    def test_an_incomplete_year_counts_as_missing(self):
        CalendarYear.objects.create(year=2026, complete=False, source="half", loaded_at=START)
        with pytest.raises(MissingCalendarYear, match="2026"):
            next_working_moment(START)
        assert missing_years(TODAY, horizon_days=0) == [2026]


class LoadedTableTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        empty_tables()
        load()

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def published_2027(self) -> Path:
        """Return a file that holds 2027 as if the notice were out, with one more day."""
        head, *lines = SHIPPED.read_text(encoding="utf-8").splitlines()
        of_2027 = [line.replace(",yes", ",no") for line in lines if line.startswith("2027")]
        more = "2027-02-09,holiday,春节,国务院办公厅关于2027年部分节假日安排的通知,no"
        return self.write("2027.csv", "\n".join([head, *of_2027, more]))

    def test_loading_again_changes_nothing_and_says_so(self):
        before = list(CalendarYear.objects.values())
        assert load() == "Calendar unchanged.\n"
        assert list(CalendarYear.objects.values()) == before

    def test_loading_leaves_one_audit_entry_a_year(self):
        assert AuditEntry.objects.filter(action="calendar.loaded").count() == 10

    def test_a_limit_counts_on_the_loaded_table(self):
        due_at = add_limit(START, 2, LimitUnit.WORKHOUR, get_calendar())
        assert due_at == datetime(2026, 10, 8, 10, 0, tzinfo=SHANGHAI)
        assert is_working_day(date(2026, 10, 10))
        assert next_working_moment(due_at) == due_at

    def test_an_unchanged_table_is_read_once_and_checked_by_one_query(self):
        kept = get_calendar()
        with self.assertNumQueries(1):
            assert get_calendar() is kept
        assert get_calendar(WorkingHours.parse("08:30-12:00")) is not kept

    def test_a_change_by_any_route_is_noticed_at_once(self):
        assert not is_working_day(date(2026, 10, 7))
        CalendarDay.objects.filter(date=date(2026, 10, 7)).update(kind="workday")
        assert is_working_day(date(2026, 10, 7))
        CalendarDay.objects.filter(date=date(2026, 10, 7)).delete()
        assert is_working_day(date(2026, 10, 7))  # a Wednesday
        CalendarYear.objects.filter(year=2026).update(complete=False)
        with pytest.raises(MissingCalendarYear):
            is_working_day(date(2026, 10, 7))

    def test_the_alarm_speaks_sixty_days_ahead(self):
        assert missing_years(date(2027, 11, 1)) == []
        assert missing_years(date(2027, 11, 2)) == [2028]
        assert provisional_years(date(2026, 11, 1)) == []
        assert provisional_years(TODAY) == [2027]
        with override("en"):
            assert [str(text) for text in calendar_alarms(date(2027, 12, 1))] == [
                "The holiday calendar for 2028 is missing: no deadline can be worked out in that year.",
                "The holiday calendar for 2027 is provisional: load the yearly notice once it is published.",
            ]

    def test_the_published_notice_replaces_the_provisional_year_and_stays(self):
        said = load(file=self.published_2027())
        assert "2027 + 2027-02-09 holiday 春节" in said
        assert calendar_alarms(TODAY) == []
        assert "2027 = kept" in load()  # the shipped provisional year
        assert not is_working_day(date(2027, 2, 9))

    def test_a_day_that_is_gone_or_different_is_shown(self):
        CalendarDay.objects.create(date=date(2026, 12, 24), kind="holiday", name="extra", source="mistake")
        CalendarDay.objects.filter(date=date(2026, 10, 1)).update(name="国庆")
        said = load(year=[2026])
        assert said.splitlines() == [
            "2026 - 2026-12-24 holiday extra",
            "2026 ~ 2026-10-01 holiday 国庆节",
            "2026 year complete",
        ]

    def test_a_dry_run_shows_and_writes_nothing(self):
        CalendarDay.objects.filter(date=date(2026, 10, 1)).delete()
        said = load(dry_run=True)
        assert "2026 + 2026-10-01 holiday 国庆节" in said
        assert "nothing was written" in said
        assert not CalendarDay.objects.filter(date=date(2026, 10, 1)).exists()

    def test_a_file_in_error_is_named_with_its_row_and_nothing_is_written(self):
        path = self.write("bad.csv", "date,kind,name,source,provisional\n2026-01-01,holyday,元旦,通知,no\n")
        with pytest.raises(CommandError, match=r"bad\.csv: Row 2: .*holyday"):
            load(file=path)
        with pytest.raises(CommandError, match="absent"):
            load(file=self.folder / "absent.csv")
        with pytest.raises(CommandError, match="2040"):
            load(year=[2040])

"""Reports say what the figures say, in both languages, and say it again after the figures have changed."""

import io
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from analytics.choices import Dimension, ReportKind
from analytics.models import DayFigures, Report, ReportSubscription
from analytics.reporting.document import read_document, shown
from analytics.reporting.pdf import report_pdf
from analytics.reporting.sentences import Compared, sentence
from analytics.reporting.workbook import report_workbook
from analytics.selectors.figures import Period, Value, versions_for
from analytics.services import ReportScope, make_due_reports, make_report, subscribe, unsubscribe
from analytics.services.figures import post
from analytics.services.reports import due_period, period_of
from dispatch.services import dispatch_awaiting
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.models import Message
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight

DAY = timezone.localdate(NOON)
TOMORROW = (NOON + timedelta(days=1)).astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=8, minute=0)


@pytest.fixture
def world(db):
    world = make_world()
    for command in ("load_parameters", "load_indicators", "load_message_templates"):
        call_command(command, verbosity=0)
    world.cases = [new_case(world) for _ in range(3)]
    dispatch_awaiting(by=SYSTEM, now=NOON + timedelta(minutes=1))
    post(case.pk for case in world.cases)
    world.leader = grant(make_staff("report_leader", world.centre), "leader", world.centre)
    world.district = world.centres[0].home_area
    world.reader = grant(make_staff("report_district", world.centres[0]), "leader", world.centres[0])
    return world


def made(world, area=None, kind="daily", **given):
    scope = ReportScope(area_id=(area or world.city).pk)
    return make_report(kind, scope, DAY, by=Actor.staff(world.leader), now=TOMORROW, **given)


def document(report, language="en"):
    return read_document(report.content[language])


def words(report, language="en"):
    return " ".join(text for section in document(report, language).sections for text in section.sentences)


def compared(code, now, before=None):
    version = versions_for(DAY)[code]
    return Compared(Value(version, now, 3, 4), Value(version, before) if before is not None else None)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (103.2, 100.0, "up by 3.2% on the period before"),
        (90.0, 100.0, "down by 10.0% on the period before"),
        (100.0, 100.0, "the same on the period before"),
    ],
)
def test_a_count_that_rises_falls_or_stays_says_so(world, now, before, said):
    with translation.override("en"):
        assert said in sentence(compared("accepted", now, before))


@translation.override("en")
def test_a_share_changes_by_points_and_reaches_its_target_or_not(world):
    text = sentence(compared("on_time", 96.5, 95.3))
    assert "96.5% (3 of 4)" in text
    assert "up by 1.2 points" in text
    assert "target of 95.0% reached" in text
    assert "target of 95.0% not reached" in sentence(compared("on_time", 90.0))


@translation.override("zh-hans")
def test_sentences_are_as_officials_write_them(world):
    text = sentence(compared("accepted", 103.2, 100.0))
    assert text == "受理量 103 件，环比上升 3.2%。"


@translation.override("en")
def test_nothing_is_said_where_there_is_nothing_to_divide(world):
    assert sentence(compared("on_time", None, 95.0)) is None
    assert "before" not in sentence(compared("accepted", 5.0, 0.0))


def test_a_report_is_in_both_languages(world):
    report = made(world)
    assert "Cases accepted: 3 cases" in words(report)
    with translation.override("zh-hans"):
        label = str(ReportKind.DAILY.label)
    assert label in document(report, "zh-hans").title
    assert "受理量" in words(report, "zh-hans")
    assert "Most cases were about" in words(report)


def test_a_report_stays_as_it_was_when_the_figures_change(world):
    report = made(world)
    before = Report.objects.get(pk=report.pk).content
    DayFigures.objects.filter(dimension=Dimension.AREA).update(accepted=99)
    again = made(world)
    assert again.pk == report.pk
    assert again.content == before
    anew = made(world, anew=True)
    assert (anew.edition, "Cases accepted: 99 cases" in words(anew)) == (2, True)
    assert Report.objects.get(pk=report.pk).content == before


def test_a_time_that_is_not_over_has_no_report(world):
    with pytest.raises(BadInput) as refusal:
        make_report("weekly", ReportScope(area_id=world.city.pk), DAY, by=Actor.staff(world.leader), now=NOON)
    assert refusal.value.field == "day"


def test_areas_of_others_are_not_found_and_ones_own_need_the_act(world):
    elsewhere = ReportScope(area_id=world.centres[1].home_area_id)
    with pytest.raises(OutOfSight):
        make_report("daily", elsewhere, DAY, by=Actor.staff(world.reader), now=TOMORROW)
    with pytest.raises(OutOfSight):
        subscribe("daily", elsewhere, language="en", by=Actor.staff(world.reader), now=NOON)
    handler = world.staff["handler"]
    with pytest.raises(NotAllowed):
        make_report("daily", ReportScope(unit_id=handler.unit_id), DAY, by=Actor.staff(handler), now=TOMORROW)


def test_a_report_of_a_unit_counts_the_units_below(world):
    unit = world.centres[0]
    report = make_report("daily", ReportScope(unit_id=unit.pk), DAY, by=Actor.staff(world.reader), now=TOMORROW)
    assert "Right at first dispatch: 100.0% (3 of 3)" in words(report)
    assert "Cases accepted" not in words(report)


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("daily", date(2026, 3, 11), date(2026, 3, 11)),
        ("weekly", date(2026, 3, 9), date(2026, 3, 15)),
        ("monthly", date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_the_time_of_a_report(kind, first, last):
    assert period_of(kind, date(2026, 3, 11)) == Period(first, last)


def test_reports_are_due_from_their_hour_on(world):
    assert due_period("daily", TOMORROW) == Period(DAY, DAY)
    assert due_period("daily", TOMORROW.replace(hour=7, minute=29)) is None
    first = TOMORROW.replace(month=6, day=1)
    assert due_period("monthly", first) is None
    assert due_period("monthly", first.replace(day=2)) == Period(date(first.year, 5, 1), date(first.year, 5, 31))


def test_what_is_due_is_made_and_told_once(world):
    city, given = ReportScope(area_id=world.city.pk), {"by": Actor.staff(world.leader), "now": NOON}
    subscribe("daily", city, language="en", **given)
    subscribe("daily", city, language="zh-hans", by_mail=True, **given)  # once more: changed, not doubled
    assert ReportSubscription.objects.count() == 1
    assert make_due_reports(by=SYSTEM, now=TOMORROW) == 1
    assert make_due_reports(by=SYSTEM, now=TOMORROW + timedelta(minutes=1)) == 0
    report = Report.objects.get()
    told = Message.objects.filter(user=world.leader)
    assert {message.way for message in told} == {"portal", "mail"}
    assert {message.link for message in told} == {f"/analytics/reports/{report.pk}/?in=zh-hans"}
    assert make_due_reports(by=SYSTEM, now=TOMORROW + timedelta(days=1)) == 1


def test_a_failure_half_way_leaves_the_report_to_the_next_sweep(world, monkeypatch):
    subscribe("daily", ReportScope(area_id=world.city.pk), language="en", by=Actor.staff(world.leader), now=NOON)
    with monkeypatch.context() as patch:
        patch.setattr("analytics.services.reports.send_message", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_due_reports(by=SYSTEM, now=TOMORROW)
    assert not Report.objects.exists()
    assert make_due_reports(by=SYSTEM, now=TOMORROW) == 1
    assert Message.objects.filter(user=world.leader).count() == 1


def test_who_may_no_longer_read_it_is_not_told(world):
    subscribe("daily", ReportScope(area_id=world.city.pk), language="en", by=Actor.staff(world.leader), now=NOON)
    ReportSubscription.objects.update(user=world.reader)
    assert make_due_reports(by=SYSTEM, now=TOMORROW) == 1
    assert not Message.objects.filter(user=world.reader).exists()


def test_only_ones_own_subscription_is_ended(world):
    given = {"by": Actor.staff(world.leader), "now": NOON}
    wanted = subscribe("monthly", ReportScope(area_id=world.city.pk), language="en", **given)
    with pytest.raises(OutOfSight):
        unsubscribe(wanted.pk, by=Actor.staff(world.reader), now=NOON)
    unsubscribe(wanted.pk, **given)
    assert not ReportSubscription.objects.exists()


def test_the_workbook_holds_numbers(world):
    found = document(made(world))
    book = CalamineWorkbook.from_filelike(io.BytesIO(report_workbook(found)))
    assert len(book.sheet_names) == 1 + sum(bool(section.rows) for section in found.sections)
    rows = book.get_sheet_by_name(next(name for name in book.sheet_names if "Indicators" in name)).to_python()
    assert next(row[1] for row in rows if row[0] == "Cases accepted") == 3


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pdf_has_pages_and_names_its_fonts(world, language):
    with translation.override(language):
        file = report_pdf(document(made(world), language))
    assert file.startswith(b"%PDF")
    assert b"/Helvetica" in file
    assert b"/STSong-Light" in file
    assert file.rstrip().endswith(b"%%EOF")


def test_cells_are_shown_with_their_measure():
    cells = [[1234, "count"], [96.54, "percent"], [-3.21, "change"], [1.2, "points"], [None, "percent"], "text"]
    assert [shown(cell) for cell in cells] == ["1,234", "96.5%", "-3.2%", "+1.2", "–", "text"]

"""What closes a case of each kind of request, how often a citizen is tried, and telling the citizen."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dispatch.models import Clock, ClosingCriterion, Report, Telling, WorkOrder
from dispatch.services import (
    approve,
    dispatch_by_hand,
    hand_down,
    record_contact,
    report,
    save_closing_criterion,
    sign,
    tell_citizen,
)
from dispatch.services.closing import CriterionRow, get_criteria
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, Refused
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
COURSE = {"done_on": NOON.date(), "result": "油烟净化器已安装"}


@pytest.fixture
def city():
    city = make_world()
    call_command("load_closing_criteria", stdout=StringIO())
    return city


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


def at_work(city, secretary, *, contacted=True, **given) -> WorkOrder:
    """Return a work order of the first community that is being handled."""
    case = new_case(city, **given)
    by = Actor.staff(city.staff["city_dispatcher"])
    order = dispatch_by_hand(case.pk, unit_id=city.stations[0][0][0].pk, by=by, now=NOON, note="归社区")
    sign(order.pk, by=secretary, now=NOON)
    if contacted:
        record_contact(order.pk, way="phone", result="reached", by=secretary, now=NOON)
    return WorkOrder.objects.get(pk=order.pk)


def refused_field(order, secretary, **given) -> str | None:
    with pytest.raises(BadInput) as refused:
        report(order.pk, text="已办理", told_way="phone", by=secretary, now=LATER, **given)
    return refused.value.field


def test_a_complaint_is_closed_with_day_course_and_result(city, secretary):
    order = at_work(city, secretary, request_type="complaint")
    assert refused_field(order, secretary) == "done_on"
    assert refused_field(order, secretary, done_on=NOON.date()) == "result"
    assert refused_field(order, secretary, done_on=NOON.date() + timedelta(days=1), result="好") == "done_on"
    assert not Report.objects.exists()
    report(order.pk, text="约谈店主", told_way="phone", by=secretary, now=LATER, **COURSE)
    assert Report.objects.get().result == "油烟净化器已安装"


def test_a_suggestion_is_closed_with_what_became_of_it(city, secretary):
    order = at_work(city, secretary, request_type="suggestion")
    assert refused_field(order, secretary) == "adoption"
    assert refused_field(order, secretary, adoption="perhaps") == "adoption"
    assert refused_field(order, secretary, adoption="partly") == "adoption_reason"
    assert refused_field(order, secretary, adoption="not", adoption_reason="长" * 501) == "adoption_reason"
    report(order.pk, text="已研究", told_way="phone", by=secretary, now=LATER, adoption="adopted")
    order.refresh_from_db()
    assert order.state == "under_review"


def test_a_question_asks_for_nothing_but_that_the_citizen_is_told(city, secretary):
    order = at_work(city, secretary, request_type="consult")
    report(order.pk, text="办理条件如下……", told_way="phone", by=secretary, now=LATER)
    names = [one.code for one in get_criteria(order.case)]
    assert names == ["told", "consult_answered"]


def test_the_evidence_goes_up_with_the_report_and_is_asked_for_at_every_level(city, secretary):
    case = new_case(city, item="", request_type="complaint")
    by = Actor.staff(city.staff["district_dispatcher"])
    top = dispatch_by_hand(case.pk, unit_id=city.offices[0][0].pk, by=by, now=NOON, note="归街道")
    office = Actor.staff(grant(make_staff("office", city.offices[0][0]), "handler", city.offices[0][0]))
    sign(top.pk, by=office, now=NOON)
    child = hand_down(top.pk, unit_id=city.stations[0][0][0].pk, by=office, now=NOON)
    sign(child.pk, by=secretary, now=NOON)
    record_contact(child.pk, way="phone", result="reached", by=secretary, now=NOON)
    report(child.pk, text="约谈店主", told_way="phone", by=secretary, now=LATER, **COURSE)
    approve(child.pk, by=Actor.staff(city.staff["reviewer"]), now=LATER)
    assert Report.objects.get(work_order=top).result == "油烟净化器已安装"
    approve(top.pk, by=Actor.staff(city.staff["district_reviewer"]), now=LATER)
    case.refresh_from_db()
    assert case.state == "closed"


def test_a_report_without_what_is_asked_for_meanwhile_is_not_approved(city, secretary):
    order = at_work(city, secretary, request_type="help")
    report(order.pk, text="已办理", told_way="phone", by=secretary, now=LATER)
    row = CriterionRow("help_course", "help", "须有经过", "Course needed", "course", 90, "[P]")
    save_closing_criterion(row, by=SYSTEM, now=LATER)
    with pytest.raises(IllegalMove):
        approve(order.pk, by=Actor.staff(city.staff["reviewer"]), now=LATER)


def test_criteria_are_data_with_an_audited_change_and_a_file_that_names_its_bad_row(city, tmp_path):
    call_command("load_closing_criteria", stdout=StringIO())
    assert ClosingCriterion.objects.count() == 7
    row = CriterionRow("x", "help", "甲", "A", "", 1, "[P]")
    with pytest.raises(NotAllowed):
        save_closing_criterion(row, by=Actor.staff(city.staff["handler"]), now=NOON)
    with pytest.raises(BadInput) as refused:
        save_closing_criterion(CriterionRow("x", "nonsense", "甲", "A", "", 1, "[P]"), by=SYSTEM, now=NOON)
    assert refused.value.field == "request_type"
    bad = tmp_path / "bad.csv"
    bad.write_text("code,request_type,name,name_en,evidence,order,source\na,help,甲,A,,erste,[P]\n", "utf-8")
    with pytest.raises(CommandError, match="2"):
        call_command("load_closing_criteria", str(bad), stdout=StringIO())


def test_three_vain_tries_an_hour_apart_make_somebody_out_of_reach(city, secretary):
    order = at_work(city, secretary, contacted=False)
    for minutes, reached in ((0, None), (30, None), (60, None), (119, None), (120, NOON + timedelta(minutes=120))):
        at = NOON + timedelta(minutes=minutes)
        record_contact(order.pk, way="phone", result="unreachable", note="无人接听", by=secretary, now=at)
        order.refresh_from_db()
        assert order.contacted_at == reached, minutes
    clock = Clock.objects.get(work_order=order, kind="first_contact")
    assert (clock.outcome, clock.stopped_at) == ("met", NOON + timedelta(minutes=120))


def test_one_vain_try_neither_stops_the_clock_nor_lets_the_unit_report(city, secretary):
    order = at_work(city, secretary, contacted=False)
    record_contact(order.pk, way="phone", result="unreachable", note="无人接听", by=secretary, now=NOON)
    assert Clock.objects.get(work_order=order, kind="first_contact").outcome == "running"
    with pytest.raises(IllegalMove, match="1.*3"):
        report(order.pk, text="已办理", told_way="phone", by=secretary, now=LATER)


def test_telling_that_a_case_was_taken_on_is_a_step_with_way_and_time(city, secretary):
    order = at_work(city, secretary)
    tell_citizen(order.pk, kind="accepted", way="sms", note="已受理", by=secretary, now=LATER)
    told = Telling.objects.get()
    assert (told.kind, told.way, told.at, told.by) == ("accepted", "sms", LATER, secretary.name)
    assert AuditEntry.objects.get(action="work_order.told").changes["told"] == "sms"


def test_the_result_can_be_told_after_the_report_and_only_then_is_it_approved(city, secretary):
    order = at_work(city, secretary)
    report(order.pk, text="已办理", by=secretary, now=LATER)
    street = Actor.staff(city.staff["reviewer"])
    tell_citizen(order.pk, kind="accepted", way="phone", by=secretary, now=LATER)
    with pytest.raises(IllegalMove):
        approve(order.pk, by=street, now=LATER)
    tell_citizen(order.pk, kind="result", way="phone", by=secretary, now=LATER)
    approve(order.pk, by=street, now=LATER)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": "x"}, "kind"), ({"way": "pigeon"}, "way"), ({"note": "长" * 501}, "note"), ({"note": "\x00"}, "note")],
)
def test_what_was_told_and_how_must_make_sense(city, secretary, given, field):
    order = at_work(city, secretary)
    with pytest.raises(BadInput) as refused:
        tell_citizen(order.pk, **({"kind": "result", "way": "phone"} | given), by=secretary, now=LATER)
    assert refused.value.field == field


def test_where_nobody_is_known_nobody_is_told(city, secretary):
    order = at_work(city, secretary, contacted=False, phone="", name="")
    with pytest.raises(Refused):
        tell_citizen(order.pk, kind="result", way="phone", by=secretary, now=LATER)

"""Co-handlers: asked for a part, their own clocks and verdicts, one reply by the lead; parts end with their case."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dispatch.models import Clock, CoTask, Report, Review, StageFact, WorkOrder
from dispatch.selectors import find_helpers, get_steps, list_accepted
from dispatch.selectors.tracking import get_tracking
from dispatch.services import (
    accept_part,
    add_co_handler,
    approve,
    dispatch_awaiting,
    dispatch_by_hand,
    hand_down,
    order_to_spot,
    record_contact,
    refuse_part,
    rehome_some,
    report,
    sign,
    take_part_back,
)
from dispatch.services.recalling import recall
from dispatch.tests.desks import dispatched as dispatched_cases
from dispatch.tests.desks import page_of
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.services import merge_units
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


@pytest.fixture
def helper(city):
    unit = city.enforcement[0][0]
    return Actor.staff(grant(make_staff("helper", unit), "handler", unit))


@pytest.fixture
def lead(city, secretary):
    """A work order that the first community is handling; the citizen was contacted."""
    new_case(city)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get()
    sign(order.pk, by=secretary, now=NOON)
    record_contact(order.pk, way="phone", result="reached", by=secretary, now=NOON)
    return WorkOrder.objects.get(pk=order.pk)


@pytest.fixture
def part(city, lead, secretary):
    return add_co_handler(lead.pk, unit_id=city.enforcement[0][0].pk, task="查处占道", by=secretary, now=LATER)


def reported(part, helper, text="已查处占道，当事人已整改。"):
    sign(part.pk, by=helper, now=LATER)
    report(part.pk, text=text, by=helper, now=LATER)
    part.refresh_from_db()
    return part


def test_a_co_handler_has_a_work_order_task_clocks_and_facts_of_its_own(city, lead, part):
    assert (part.role, part.state, part.parent, part.seq, part.round) == ("co", "pending_sign", lead, 2, 1)
    task = CoTask.objects.get()
    assert (task.task, task.caller, task.unit, task.asked_at) == ("查处占道", lead.unit, part.unit, LATER)
    assert set(part.clocks.values_list("kind", flat=True)) == {"sign", "handling"}
    fact = StageFact.objects.get(work_order=part)
    assert (fact.role, fact.stage, fact.unit, fact.ended_at) == ("co", "sign", part.unit, None)
    assert StageFact.objects.filter(case=lead.case, role="lead", ended_at=None).count() == 1
    assert AuditEntry.objects.get(action="work_order.co_added").changes["child"] == part.number


def test_its_deadline_is_its_own_but_never_after_the_leads(city, lead, secretary):
    tomorrow = NOON + timedelta(days=1)
    part = add_co_handler(lead.pk, unit_id=city.enforcement[0][0].pk, task="查处", by=secretary, now=tomorrow)
    due = Clock.objects.get(work_order=lead, kind="handling").due_at  # five working days: Wednesday, 25 November
    own = Clock.objects.get(work_order=part, kind="handling")  # five of its own would be Thursday, the 26th
    assert own.due_at == due == CoTask.objects.get().due_at
    assert (own.started_at, lead.number in own.rule) == (tomorrow, True)


def test_when_the_leads_deadline_has_passed_it_has_a_short_one_of_its_own(city, lead, secretary):
    monday = NOON + timedelta(days=12)  # 30 November, the lead's deadline was the 25th
    part = add_co_handler(lead.pk, unit_id=city.enforcement[0][0].pk, task="查处", by=secretary, now=monday)
    due = Clock.objects.get(work_order=part, kind="handling").due_at
    assert timezone.localtime(due).strftime("%m-%d %H:%M") == "12-01 18:00"


def test_the_lead_reports_only_when_every_part_is_accepted(lead, part, secretary, helper):
    with pytest.raises(IllegalMove, match="1"):
        report(lead.pk, text="已清走", told_way="phone", by=secretary, now=LATER)
    reported(part, helper)
    with pytest.raises(IllegalMove):
        report(lead.pk, text="已清走", told_way="phone", by=secretary, now=LATER)
    accept_part(part.pk, opinion="同意", by=secretary, now=LATER)
    report(lead.pk, text="已清走", told_way="phone", by=secretary, now=LATER)
    lead.refresh_from_db()
    assert lead.state == "under_review"


def test_a_part_goes_to_the_unit_that_asked_and_its_verdict_is_kept(lead, part, secretary, helper):
    reported(part, helper)
    assert (part.state, part.review_unit) == ("under_review", lead.unit)
    accept_part(part.pk, opinion="合格", by=secretary, now=LATER)
    part.refresh_from_db()
    review = Review.objects.get()
    assert (part.state, part.ended_at, part.next_due_at) == ("done", LATER, None)
    assert (review.verdict, review.unit, review.opinion, review.by) == ("approved", lead.unit, "合格", secretary.name)
    assert CoTask.objects.get().ended_at == LATER
    assert not part.clocks.filter(outcome="running").exists()
    assert not StageFact.objects.filter(work_order=part, ended_at=None).exists()
    assert [(one.unit, one.text) for one in list_accepted(lead)] == [(str(part.unit), "已查处占道，当事人已整改。")]


def test_a_part_that_is_not_accepted_goes_on_under_its_old_deadline(part, secretary, helper):
    due = Clock.objects.get(work_order=part, kind="handling").due_at
    reported(part, helper)
    with pytest.raises(BadInput) as refused:
        refuse_part(part.pk, reason="", opinion="缺照片", by=secretary, now=LATER)
    assert refused.value.field == "reason"
    refuse_part(part.pk, reason="perfunctory", opinion="缺照片", by=secretary, now=LATER)
    part.refresh_from_db()
    assert (part.state, part.next_clock, part.next_due_at) == ("handling", "handling", due)
    report(part.pk, text="补充照片", by=helper, now=LATER)
    accept_part(part.pk, by=secretary, now=LATER)
    assert list(Review.objects.order_by("id").values_list("verdict", flat=True)) == ["sent_back", "approved"]


def test_a_part_is_neither_approved_like_a_lead_nor_handed_down(city, part, secretary, helper):
    sign(part.pk, by=helper, now=LATER)
    with pytest.raises(IllegalMove):
        hand_down(part.pk, unit_id=city.enforcement[0][1].pk, by=helper, now=LATER)
    with pytest.raises(IllegalMove):
        record_contact(part.pk, way="phone", result="reached", by=helper, now=LATER)
    report(part.pk, text="好了", by=helper, now=LATER)
    street = Actor.staff(grant(make_staff("chief", city.stations[0][0][0]), "reviewer", city.stations[0][0][0]))
    with pytest.raises(IllegalMove):
        approve(part.pk, by=street, now=LATER)


def test_only_the_lead_judges_and_takes_back(city, part, helper, secretary):
    reported(part, helper)
    with pytest.raises(NotAllowed):
        accept_part(part.pk, by=helper, now=LATER)
    with pytest.raises(NotAllowed):
        take_part_back(part.pk, reason="不需要", by=helper, now=LATER)
    with pytest.raises(OutOfSight):
        accept_part(part.pk, by=Actor.staff(city.staff["other_secretary"]), now=LATER)
    with pytest.raises(StalePage):
        accept_part(part.pk, by=secretary, now=LATER, row_version=part.row_version - 1)


def test_of_two_who_judge_at_once_the_second_is_told(part, secretary, helper):
    reported(part, helper)
    accept_part(part.pk, by=secretary, now=LATER)
    with pytest.raises(IllegalMove):
        refuse_part(part.pk, reason="perfunctory", opinion="再办", by=secretary, now=LATER)


def test_a_part_that_is_not_needed_is_taken_back(lead, part, secretary):
    with pytest.raises(BadInput) as refused:
        take_part_back(part.pk, reason=" ", by=secretary, now=LATER)
    assert refused.value.field == "reason"
    take_part_back(part.pk, reason="已由物业处理", by=secretary, now=LATER)
    part.refresh_from_db()
    assert (part.state, part.next_due_at, CoTask.objects.get().ended_at) == ("recalled", None, LATER)
    assert set(part.clocks.values_list("outcome", flat=True)) == {"cancelled"}
    assert AuditEntry.objects.get(action="work_order.part_taken_back").note == "已由物业处理"
    report(lead.pk, text="已清走", told_way="phone", by=secretary, now=LATER)


def test_when_the_case_is_taken_back_its_parts_end_and_their_clocks_are_not_carried_on(lead, part, city):
    recall([lead.case], [lead], by=SYSTEM, now=LATER, notes={})
    part.refresh_from_db()
    assert part.state == "recalled"
    assert not Clock.objects.filter(work_order=part, outcome="running").exists()
    assert not StageFact.objects.filter(work_order=part, ended_at=None).exists()
    started = Clock.objects.get(work_order=lead, kind="handling").started_at
    dispatch_awaiting(by=SYSTEM, now=LATER)
    again = WorkOrder.objects.get(role="lead", state="pending_sign")
    assert Clock.objects.get(work_order=again, kind="handling").started_at == started


@pytest.mark.parametrize(("task", "field"), [("", "task"), ("  ", "task"), ("长" * 501, "task"), ("a\x00", "task")])
def test_what_is_to_be_done_is_said_in_500_characters(city, lead, secretary, task, field):
    with pytest.raises(BadInput) as refused:
        add_co_handler(lead.pk, unit_id=city.enforcement[0][0].pk, task=task, by=secretary, now=LATER)
    assert refused.value.field == field
    assert not CoTask.objects.exists()


def test_the_lead_itself_a_centre_and_a_busy_unit_are_no_co_handlers(city, lead, part, secretary):
    for unit in (lead.unit, city.centres[0], city.enforcement[0][0]):
        with pytest.raises(BadInput) as refused:
            add_co_handler(lead.pk, unit_id=unit.pk, task="查处", by=secretary, now=LATER)
        assert refused.value.field == "unit"
    assert CoTask.objects.count() == 1


def test_units_around_the_place_are_offered_but_not_those_at_work(city, lead, part):
    offered = {unit.name for _heading, units in find_helpers(lead, NOON.date()) for unit in units}
    assert city.bureaus[0]["urban_management"].name in offered
    assert city.city_bureau.name in offered
    assert lead.unit.name not in offered
    assert part.unit.name not in offered
    assert city.bureaus[1]["urban_management"].name not in offered


def test_a_unit_that_handed_the_work_down_may_add_a_co_handler_too(city, secretary):
    new_case(city, item="")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    by = Actor.staff(city.staff["district_dispatcher"])
    top = dispatch_by_hand(Case.objects.get().pk, unit_id=city.offices[0][0].pk, by=by, now=NOON, note="归街道")
    office = Actor.staff(grant(make_staff("office", city.offices[0][0]), "handler", city.offices[0][0]))
    sign(top.pk, by=office, now=NOON)
    child = hand_down(top.pk, unit_id=city.stations[0][0][0].pk, by=office, now=NOON)
    add_co_handler(top.pk, unit_id=city.enforcement[0][0].pk, task="查处", by=office, now=LATER)
    sign(child.pk, by=secretary, now=LATER)
    record_contact(child.pk, way="phone", result="reached", by=secretary, now=LATER)
    with pytest.raises(IllegalMove):
        report(child.pk, text="好了", told_way="phone", by=secretary, now=LATER)


def test_nothing_is_closed_while_a_part_that_came_later_is_open(city, secretary):
    new_case(city, item="")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    by = Actor.staff(city.staff["district_dispatcher"])
    top = dispatch_by_hand(Case.objects.get().pk, unit_id=city.offices[0][0].pk, by=by, now=NOON, note="归街道")
    office = Actor.staff(grant(make_staff("office", city.offices[0][0]), "handler", city.offices[0][0]))
    sign(top.pk, by=office, now=NOON)
    child = hand_down(top.pk, unit_id=city.stations[0][0][0].pk, by=office, now=NOON)
    sign(child.pk, by=secretary, now=LATER)
    record_contact(child.pk, way="phone", result="reached", by=secretary, now=LATER)
    report(child.pk, text="好了", told_way="phone", by=secretary, now=LATER)
    add_co_handler(top.pk, unit_id=city.enforcement[0][0].pk, task="查处", by=office, now=LATER)
    with pytest.raises(IllegalMove, match="1"):
        approve(child.pk, by=Actor.staff(city.staff["reviewer"]), now=LATER)


def test_a_co_handler_is_offered_only_what_is_its_own(lead, part, helper, secretary):
    names = {step.name for step in get_steps(part, helper) if step.permitted}
    assert {"sign"} <= names
    assert not names & {"contact", "hand_down", "add_co", "take_back", "refuse_entry"}
    assert "take_back" in {step.name for step in get_steps(part, secretary) if step.permitted}
    assert "add_co" in {step.name for step in get_steps(lead, secretary) if step.permitted}


def test_a_report_of_a_part_is_not_the_reply_the_citizen_reads(lead, part, secretary, helper, city):
    reported(part, helper, text="协办单位的内部说明")
    accept_part(part.pk, by=secretary, now=LATER)
    report(lead.pk, text="纸箱已清走。", told_way="phone", by=secretary, now=LATER)
    for name in ("reviewer", "district_reviewer"):
        approve(lead.pk, by=Actor.staff(city.staff[name]), now=LATER)
    lead.case.refresh_from_db()
    assert lead.case.state == "closed"
    assert get_tracking(lead.case, now=LATER).reply == "纸箱已清走。"
    assert Report.objects.count() == 2


def test_when_its_unit_is_closed_the_co_task_goes_on_at_the_successor(city, lead, part, secretary):
    merge_units(part.unit_id, city.enforcement[0][1].pk, NOON.date(), by=SYSTEM, now=NOON)
    rehome_some(by=SYSTEM, now=LATER)
    task = CoTask.objects.get()
    assert (task.unit, task.work_order.unit, task.caller) == (city.enforcement[0][1],) * 2 + (lead.unit,)
    assert (task.work_order.role, task.work_order.state, task.ended_at) == ("co", "pending_sign", None)


def test_a_department_that_sees_the_case_by_its_order_alone_is_not_asked_to_say_it_is_there(city):
    (order,) = dispatched_cases(city, 1, now=NOON)
    by, unit = Actor.staff(city.staff["community_secretary"]), city.bureaus[0]["urban_management"]
    order_to_spot(order.pk, unit_ids=[unit.pk], task="查看", place="路口", by=by, now=NOON)
    people = ("handler", "community_secretary")
    pages = {who: page_of(city.staff[who], "case_more", order.case.number) for who in people}
    assert pages["handler"].status_code == 200
    present = reverse("intake:present", args=[order.case.number])
    assert present not in pages["handler"].content.decode()
    assert present in pages["community_secretary"].content.decode()

"""The open work of a closed unit goes on at its successor: same state, same deadlines, one chain."""

import pytest
from django.test import Client
from django.urls import reverse

from dispatch.models import Clock, Decision, WorkOrder
from dispatch.services import (
    approve,
    ask,
    decide_request,
    dispatch_awaiting,
    hand_down,
    record_contact,
    rehome_some,
    report,
    sign,
)
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.services import merge_units
from grid.tests.factories import grant
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
DAY = NOON.date()


@pytest.fixture
def city():
    city = make_world()
    city.old, city.new = city.stations[0][0][0], city.stations[0][0][1]
    return city


def dispatched(city, **given):
    case = new_case(city, **given)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    return WorkOrder.objects.get(case=case.pk)


def close(city, old=None, new=None):
    merge_units((old or city.old).pk, (new or city.new).pk, DAY, by=SYSTEM, now=NOON)


def rehome():
    return rehome_some(by=SYSTEM, now=NOON)


def running(order):
    clocks = Clock.objects.filter(work_order=order, outcome="running")
    return set(clocks.values_list("kind", "started_at", "due_at", "yellow_at"))


def test_what_waits_for_a_signature_waits_at_the_successor_with_its_deadlines(city):
    order = dispatched(city)
    before = running(order)
    close(city)
    assert rehome() == 1
    order.refresh_from_db()
    new = WorkOrder.objects.open().get(case=order.case_id)
    assert (order.state, order.ended_at, running(order)) == ("recalled", NOON, set())
    assert (new.state, new.unit, new.seq, running(new)) == ("pending_sign", city.new, 2, before)
    assert Case.objects.get(pk=order.case_id).holder == city.new
    assert rehome() == 0


def test_nothing_moves_before_a_unit_is_closed(city):
    dispatched(city)
    assert rehome() == 0
    assert WorkOrder.objects.count() == 1


def test_what_was_signed_and_contacted_stays_so_and_can_be_reported(city):
    secretary = Actor.staff(city.staff["community_secretary"])
    order = dispatched(city)
    sign(order.pk, by=secretary, now=NOON)
    record_contact(order.pk, way="phone", result="reached", by=secretary, now=NOON)
    close(city)
    rehome()
    new = WorkOrder.objects.open().get(case=order.case_id)
    assert (new.state, new.signed_at, new.contacted_at) == ("handling", NOON, NOON)
    secretary.user.refresh_from_db()
    by = Actor.staff(type(secretary.user).objects.get(pk=secretary.user.pk))  # the role moved with the merge
    report(new.pk, text="已清理", told_way="phone", by=by, now=NOON)
    new.refresh_from_db()
    assert new.state == "under_review"


def test_the_decision_says_why_and_the_timeline_too(city):
    order = dispatched(city)
    close(city)
    rehome()
    decision = Decision.objects.filter(case=order.case_id).first()
    assert [one["code"] for one in decision.reasons] == ["unit_closed", "unit_succeeded"]
    assert decision.responsibility_id == order.decision.responsibility_id
    entry = AuditEntry.objects.get(action="work_order.rehomed")
    assert entry.changes["unit"] == [city.old.name, city.new.name]


def test_a_closed_unit_in_the_middle_of_a_chain_is_replaced_there(city):
    office, enforcement = city.offices[0][0], city.enforcement[0][0]
    chief = grant(city.staff["reviewer"], ["handle_case", "hand_down"], office)
    order = dispatched(city)
    WorkOrder.objects.filter(pk=order.pk).update(unit=office)
    by = Actor.staff(chief)
    sign(order.pk, by=by, now=NOON)
    child = hand_down(order.pk, unit_id=enforcement.pk, by=by, now=NOON)
    close(city, office, city.centres[0])
    rehome()
    child.refresh_from_db()
    parent = WorkOrder.objects.get(pk=child.parent_id)
    assert (parent.unit, parent.state, child.state, child.unit) == (
        city.centres[0], "handed_down", "pending_sign", enforcement,
    )  # fmt: skip


def test_parent_and_child_closed_at_once_stay_one_chain(city):
    office, enforcement = city.offices[0][0], city.enforcement[0][0]
    chief = grant(city.staff["reviewer"], ["handle_case", "hand_down"], office)
    order = dispatched(city)
    WorkOrder.objects.filter(pk=order.pk).update(unit=office)
    sign(order.pk, by=Actor.staff(chief), now=NOON)
    hand_down(order.pk, unit_id=enforcement.pk, by=Actor.staff(chief), now=NOON)
    close(city, enforcement, city.old)
    close(city, office, city.centres[0])
    assert rehome() == 1
    child = WorkOrder.objects.active().get(case=order.case_id)
    assert (child.unit, child.parent.unit, child.parent.state) == (
        city.old, city.centres[0], "handed_down",
    )  # fmt: skip
    assert WorkOrder.objects.open().filter(case=order.case_id).count() == 2


def test_a_review_goes_on_at_the_successor_of_the_reviewing_unit(city):
    secretary = Actor.staff(city.staff["community_secretary"])
    order = dispatched(city)
    sign(order.pk, by=secretary, now=NOON)
    record_contact(order.pk, way="phone", result="reached", by=secretary, now=NOON)
    report(order.pk, text="已清理", told_way="phone", by=secretary, now=NOON)
    before = running(order)
    close(city, city.offices[0][0], city.centres[0])
    assert rehome() == 1
    order.refresh_from_db()
    assert (order.state, order.review_unit, running(order)) == ("under_review", city.centres[0], before)
    reviewer = type(city.staff["reviewer"]).objects.get(pk=city.staff["reviewer"].pk)
    approve(order.pk, by=Actor.staff(reviewer), now=NOON)


def test_follows_successors_of_successors(city):
    order = dispatched(city)
    close(city)
    close(city, city.new, city.stations[0][1][0])
    rehome()
    assert WorkOrder.objects.open().get(case=order.case_id).unit == city.stations[0][1][0]


def test_takes_as_many_statements_for_many_cases_as_for_one(city, django_assert_max_num_queries):
    for number in range(12):
        new_case(city, phone=f"138001380{number:02d}")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    close(city)
    with django_assert_max_num_queries(21):
        assert rehome() == 12


def test_the_fragment_counts_what_is_open_and_is_shut_to_others(city):
    dispatched(city)
    client = Client()
    client.force_login(city.staff["duty_reviewer"])
    client.cookies["django_language"] = "en"
    assert "1 open work order" in client.get(reverse("dispatch:unit_cases", args=[city.old.pk])).content.decode()
    client.force_login(city.staff["other_secretary"])
    assert client.get(reverse("dispatch:unit_cases", args=[city.old.pk])).status_code == 404


def test_what_was_asked_goes_along_and_is_decided(city):
    order = dispatched(city)
    by = Actor.staff(city.staff["community_secretary"])
    request = ask(order.pk, kind="extend", reason="需要更多时间", value={"days": 2}, by=by, now=NOON)
    close(city)
    rehome()
    request.refresh_from_db()
    assert request.work_order == WorkOrder.objects.open().get(case=order.case_id)
    assert (request.asked_by_unit, request.state) == (city.new, "open")
    decide_request(request.pk, agreed=True, opinion="同意", by=Actor.staff(city.staff["reviewer"]), now=NOON)

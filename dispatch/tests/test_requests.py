"""Requests to the level above: asked in time, decided once, and never a way to gain time."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dispatch.choices import ClockKind
from dispatch.models import CaseRequest, Clock, Decision, StageFact, WorkOrder
from dispatch.services import (
    ask,
    decide_request,
    dispatch_awaiting,
    dispatch_by_hand,
    hand_down,
    record_contact,
    sign,
    withdraw_request,
)
from dispatch.tests.requests import (
    LATER,
    asked,
    at,
    decided,
    load_request_reasons_of_the_file,
    running,
    running_of,
)
from dispatch.tests.test_handling import handled, png
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.choices import UnitKind
from grid.tests.factories import grant, make_staff, make_unit
from intake.tests.test_concurrency import in_threads
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused, StalePage
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    load_request_reasons_of_the_file()
    return make_world()


@pytest.fixture
def order(city):
    new_case(city)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    return WorkOrder.objects.get()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


@pytest.fixture
def street(city):
    return Actor.staff(city.staff["reviewer"])


@pytest.fixture
def child(city):
    """A work order that the bureau handed down to a section of its own."""
    new_case(city, item="T02")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    top = WorkOrder.objects.get()
    city.section = make_unit(kind=UnitKind.SECTION, parent=top.unit, name="路灯科")
    city.staff["section"] = grant(make_staff("section", city.section), "handler", city.section)
    city.staff["bureau_reviewer"] = grant(make_staff("bureau_reviewer", top.unit), "reviewer", top.unit)
    handler = Actor.staff(city.staff["handler"])
    sign(top.pk, by=handler, now=LATER)
    return hand_down(top.pk, unit_id=city.section.pk, by=handler, now=LATER)


class TestAsking:
    def test_a_request_waits_one_level_above_with_a_clock_of_its_own(self, order, secretary):
        request = asked(order, secretary, value={"ground": "return_other_unit", "unit": "龙华区水务局"})
        assert (request.deciding_unit, request.asked_by_unit) == (order.unit.parent, order.unit)
        assert (request.ground.code, request.proposed_unit.name) == ("return_other_unit", "龙华区水务局")
        clock = running(order.case, ClockKind.DECISION)
        assert (clock.request, clock.due_at, request.due_at) == (request, clock.due_at, clock.due_at)
        assert clock.due_at == at(11, 19, 18)
        assert AuditEntry.objects.filter(action="request.asked").exists()

    def test_what_is_handed_down_is_decided_by_who_handed_it_down(self, city, child):
        request = asked(child, Actor.staff(city.staff["section"]))
        assert request.deciding_unit == child.parent.unit

    def test_a_cited_entry_names_the_unit_of_the_list(self, city, order, secretary):
        request = asked(order, secretary, value={"item": "T02"})
        assert (request.cited_item.code, request.proposed_unit) == ("T02", city.bureaus[0]["urban_management"])

    @pytest.mark.parametrize(
        ("value", "field"),
        [
            ({"ground": "extend_works"}, "ground"),
            ({"item": "X99"}, "item"),
            ({"unit": "没有这个单位"}, "unit"),
            ({"unit": 0.5}, "unit"),
        ],
    )
    def test_what_does_not_exist_is_refused_by_its_name(self, order, secretary, value, field):
        with pytest.raises(BadInput) as refusal:
            asked(order, secretary, value=value)
        assert refusal.value.field == field
        assert not CaseRequest.objects.exists()

    @pytest.mark.parametrize("reason", ["", "  ", "长" * 501, "\x00", "\ud800"])
    def test_a_reason_is_words_that_can_be_stored(self, order, secretary, reason):
        with pytest.raises(BadInput) as refusal:
            ask(order.pk, kind="return", reason=reason, by=secretary, now=LATER)
        assert refusal.value.field == "reason"

    def test_one_request_of_a_kind_is_open_at_a_time(self, order, secretary):
        asked(order, secretary)
        with pytest.raises(Refused):
            asked(order, secretary)
        asked(order, secretary, "extend", value={"days": 3})
        assert CaseRequest.objects.open().count() == 2

    def test_only_the_unit_that_has_it_asks(self, city, order, street):
        with pytest.raises(NotAllowed):
            asked(order, street)
        with pytest.raises(OutOfSight):
            asked(order, Actor.staff(city.staff["other_secretary"]))

    def test_an_unknown_kind_is_refused(self, order, secretary):
        for kind in ("see_identity", "x"):
            with pytest.raises(BadInput):
                asked(order, secretary, kind)

    def test_an_old_page_is_told_so(self, order, secretary):
        with pytest.raises(StalePage):
            asked(order, secretary, row_version=99)

    def test_evidence_stays_with_the_request(self, order, secretary):
        file = SimpleUploadedFile("now.png", png("red"), "image/png")
        request = asked(order, secretary, files=[file])
        assert [one.kind for one in request.files.all()] == ["request"]

    def test_two_working_days_after_the_assignment_it_is_too_late_to_return(self, order, secretary):
        """Assigned Wednesday 18 November at 10:00: the second working day ends on Friday at 18:00."""
        with pytest.raises(Refused) as refusal:
            asked(order, secretary, now=at(11, 20, 18, 1))
        assert "2026-11-20 18:00" in str(refusal.value)
        asked(order, secretary, now=at(11, 20, 18))


class TestDeciding:
    def test_an_agreed_return_goes_back_to_the_dispatch_desk_and_resets_nothing(self, city, order, secretary, street):
        before = {kind: running(order.case, kind).due_at for kind in (ClockKind.HANDLING, ClockKind.OVERALL)}
        request = asked(order, secretary)
        decided(request, street, now=LATER + timedelta(hours=1))
        order.refresh_from_db()
        case = order.case
        case.refresh_from_db()
        assert (order.state, order.next_due_at) == ("returned", None)
        assert (case.state, case.awaits_person, case.holder) == ("awaiting_dispatch", True, city.centres[0])
        assert Decision.objects.latest("id").needs_person == "returned"
        assert dispatch_awaiting(by=SYSTEM, now=LATER).total == 0
        again = dispatch_by_hand(
            case.pk, unit_id=city.bureaus[0]["water"].pk, note="水务局负责",
            by=Actor.staff(city.staff["city_dispatcher"]), now=LATER + timedelta(hours=3),
        )  # fmt: skip
        for kind, due_at in before.items():
            assert (running(case, kind).due_at, running(case, kind).started_at) == (due_at, NOON), kind
        assert again.next_clock
        facts = StageFact.objects.filter(case=case).order_by("id")
        assert [(fact.stage, fact.how) for fact in facts] == [
            ("dispatch", "passed"), ("sign", "returned"), ("dispatch", "passed"), ("sign", ""),
        ]  # fmt: skip

    def test_an_agreed_return_of_what_was_handed_down_lets_the_unit_above_go_on(self, city, child):
        parent, section = child.parent, Actor.staff(city.staff["section"])
        due_at = running_of(parent).due_at
        decided(asked(child, section), Actor.staff(city.staff["bureau_reviewer"]))
        child.refresh_from_db(), parent.refresh_from_db(), parent.case.refresh_from_db()
        assert (child.state, parent.state, parent.case.state) == ("returned", "handling", "in_handling")
        assert (running_of(parent).due_at, parent.case.holder) == (due_at, parent.unit)
        contact = Clock.objects.get(work_order=parent, kind=ClockKind.FIRST_CONTACT, outcome="running")
        assert contact.due_at == Clock.objects.get(work_order=child, kind=ClockKind.FIRST_CONTACT).due_at
        assert parent.next_due_at is not None
        record_contact(parent.pk, way="phone", result="reached", by=Actor.staff(city.staff["handler"]), now=LATER)

    def test_a_refused_request_has_bought_no_time(self, order, secretary, street):
        due_at = running_of(order).due_at
        decided(asked(order, secretary, "extend", value={"days": 5}), street, agreed=False)
        assert running_of(order).due_at == due_at
        order.refresh_from_db()
        assert order.state == "pending_sign"

    def test_the_clocks_run_on_while_nobody_has_decided(self, order, secretary):
        before = list(Clock.objects.filter(outcome="running").values_list("kind", "due_at"))
        asked(order, secretary, "suspend", value={"until": "2026-12-01"})
        now = list(Clock.objects.filter(outcome="running").exclude(kind="decision").values_list("kind", "due_at"))
        assert sorted(now) == sorted(before)

    def test_the_decision_clock_says_whether_it_came_in_time(self, order, secretary, street):
        decided(asked(order, secretary), street, agreed=False, now=at(11, 20, 9))
        assert Clock.objects.get(kind=ClockKind.DECISION).outcome == "late"

    def test_the_second_to_decide_is_told_who_was_first(self, order, secretary, street):
        request = asked(order, secretary)
        decided(request, street, agreed=False)
        with pytest.raises(IllegalMove) as refusal:
            decided(request, street)
        assert street.name in str(refusal.value)

    def test_an_opinion_is_required(self, order, secretary, street):
        request = asked(order, secretary)
        with pytest.raises(BadInput) as refusal:
            decide_request(request.pk, agreed=True, opinion=" ", by=street, now=LATER)
        assert refusal.value.field == "opinion"
        request.refresh_from_db()
        assert request.state == "open"

    def test_neither_the_asker_nor_another_district_decides(self, city, order, secretary):
        request = asked(order, secretary)
        with pytest.raises(NotAllowed):
            decided(request, secretary)
        other = grant(make_staff("other_reviewer", city.centres[1]), "reviewer", city.centres[1])
        with pytest.raises(OutOfSight):
            decided(request, Actor.staff(other))
        with pytest.raises(NotAllowed):
            decided(request, Actor.staff(city.staff["root"]))

    def test_nobody_decides_on_the_own_request(self, city, order):
        both = grant(
            make_staff("both", city.offices[0][0]), ["view_case", "handle_case", "decide_request"], city.offices[0][0]
        )
        request = asked(order, Actor.staff(both))
        with pytest.raises(NotAllowed):
            decided(request, Actor.staff(both))

    def test_what_does_not_exist_is_not_found(self, street):
        with pytest.raises(OutOfSight):
            decide_request(0, agreed=True, opinion="好的", by=street, now=LATER)

    def test_a_unit_may_withdraw_what_it_asked(self, order, secretary, street):
        request = asked(order, secretary)
        with pytest.raises(NotAllowed):
            withdraw_request(request.pk, by=street, now=LATER)
        withdraw_request(request.pk, by=secretary, now=LATER)
        assert Clock.objects.get(kind=ClockKind.DECISION).outcome == "cancelled"
        with pytest.raises(IllegalMove):
            decided(request, street)
        asked(order, secretary)

    def test_a_request_whose_work_order_moved_on_is_closed_with_the_reason(self, order, secretary, street):
        request = asked(order, secretary, "extend", value={"days": 2})
        handled(order, secretary)
        request.refresh_from_db()
        assert (request.state, bool(request.opinion)) == ("overtaken", True)
        assert not Clock.objects.filter(kind=ClockKind.DECISION, outcome="running").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_the_same_moment_one_is_told(city, order, secretary, street):
    request = asked(order, secretary)
    results = in_threads(2, lambda number: decided(request, street, agreed=bool(number)))
    told = [result for result in results if isinstance(result, IllegalMove)]
    assert len(told) == 1, results
    request.refresh_from_db()
    order.refresh_from_db()
    assert (request.state == "agreed") == (order.state == "returned")

"""What each kind of request needs and does: more time, a case on hold, voiding, an appeal against a score."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dispatch.choices import ClockKind
from dispatch.models import CaseRequest, Clock, StageFact, WorkOrder
from dispatch.services import (
    approve,
    ask,
    dispatch_awaiting,
    hand_down,
    record_contact,
    report,
    sign,
    wake_case,
    wake_next,
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
    working_seconds,
)
from dispatch.tests.test_handling import handled, png
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.choices import UnitKind
from grid.tests.factories import grant, make_staff, make_unit
from intake.services import Scores, evaluate_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, Refused
from shenzhen_gov.core.worktime import SHANGHAI

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


class TestMoreTime:
    def test_it_moves_the_deadline_of_the_handling_and_of_the_case(self, order, secretary, street):
        """Due Wednesday 25 November 18:00; three working days more end on Monday 30 November."""
        old = running_of(order)
        assert old.due_at == at(11, 25, 18)
        sign(order.pk, by=secretary, now=LATER)
        record_contact(order.pk, way="phone", result="reached", by=secretary, now=LATER)
        decided(asked(order, secretary, "extend", value={"days": 3, "ground": "extend_works"}), street)
        new = running_of(order)
        assert (new.started_at, new.due_at) == (old.started_at, at(11, 30, 18))
        old.refresh_from_db()
        assert (old.outcome, old.stopped_at, old.due_at) == ("replaced", LATER, at(11, 25, 18))
        order.refresh_from_db()
        order.case.refresh_from_db()
        assert (order.next_clock, order.next_due_at) == ("handling", at(11, 30, 18))
        overall = running(order.case, ClockKind.OVERALL)
        assert (overall.started_at, overall.due_at, order.case.due_at) == (NOON, at(12, 3, 18), at(12, 3, 18))

    def test_the_deadline_above_moves_with_it(self, city, child):
        asker, decider = Actor.staff(city.staff["section"]), Actor.staff(city.staff["bureau_reviewer"])
        decided(asked(child, asker, "extend", value={"days": 4}), decider)
        assert running_of(child).due_at == running_of(child.parent).due_at

    @pytest.mark.parametrize("days", [0, 11, -1, True, "3", 2.5, None])
    def test_from_one_to_ten_working_days(self, order, secretary, days):
        with pytest.raises(BadInput):
            asked(order, secretary, "extend", value={"days": days})

    @pytest.mark.parametrize("until", ["2026-11-25", "2027-03-01", "morgen", "9" * 100, [1], {"a": 1}])
    def test_or_a_moment_within_them(self, order, secretary, until):
        with pytest.raises(BadInput) as refusal:
            asked(order, secretary, "extend", value={"until": until})
        assert refusal.value.field == "until"

    def test_a_legal_procedure_has_the_days_of_its_ground(self, order, secretary, street):
        asked(order, secretary, "extend", value={"days": 30, "ground": "extend_legal"})

    def test_the_decider_may_grant_less(self, order, secretary, street):
        decided(asked(order, secretary, "extend", value={"days": 8}), street, value={"days": 2})
        assert running_of(order).due_at == at(11, 27, 18)

    def test_once_and_before_the_deadline(self, order, secretary, street):
        with pytest.raises(Refused):
            asked(order, secretary, "extend", value={"days": 2}, now=at(11, 25, 18, 1))
        decided(asked(order, secretary, "extend", value={"days": 2}), street)
        with pytest.raises(Refused):
            asked(order, secretary, "extend", value={"days": 2})


class TestOnHold:
    def test_the_clocks_stand_still_and_go_on_with_what_was_left(self, order, secretary, street):
        """Signed Wednesday 11:00, on hold Thursday 10:00 with 4 working days and 7 hours of the limit left.

        Woken on Tuesday 1 December 9:00: Thursday's remaining hours 10-12 and 14-18 (6 h at 8 h a day from 9 to 12
        and 14 to 18) and four days more.
        """
        sign(order.pk, by=secretary, now=LATER)
        record_contact(order.pk, way="phone", result="reached", by=secretary, now=LATER)
        old, since = running_of(order), at(11, 19, 10)
        left = working_seconds(since, old.due_at)
        request = asked(order, secretary, "suspend", now=since, value={"until": "2026-12-01"})
        decided(request, street, now=since)
        order.refresh_from_db()
        order.case.refresh_from_db()
        assert (order.case.state, order.next_clock, order.next_due_at) == ("suspended", "hold", at(12, 1, 9))
        assert StageFact.objects.get(ended_at=None, role="lead").stage == "on_hold"
        assert wake_next(by=SYSTEM, now=at(11, 30, 23, 59)) is None
        assert wake_next(by=SYSTEM, now=at(12, 1, 9)) == order.case_id
        assert wake_next(by=SYSTEM, now=at(12, 1, 9)) is None
        new = running_of(order)
        assert (new.started_at, working_seconds(at(12, 1, 9), new.due_at)) == (old.started_at, left)
        order.refresh_from_db()
        order.case.refresh_from_db()
        overall = running(order.case, ClockKind.OVERALL)
        assert (order.case.state, order.next_clock) == ("in_handling", "handling")
        assert order.case.due_at == overall.due_at > new.due_at
        assert overall.started_at == NOON
        assert StageFact.objects.get(ended_at=None, role="lead").stage == "handling"

    def test_what_was_late_stays_as_late(self, order, secretary, street):
        since = at(11, 26, 18)
        decided(asked(order, secretary, "suspend", now=since, value={"until": "2026-12-01"}), street, now=since)
        wake_case(order.case_id, by=street, now=at(11, 27, 18))
        assert running_of(order).due_at == at(11, 26, 18)

    def test_the_level_above_may_wake_it_earlier_and_nobody_else(self, order, secretary, street):
        decided(asked(order, secretary, "suspend", value={"until": "2026-12-01"}), street)
        with pytest.raises(NotAllowed):
            wake_case(order.case_id, by=secretary, now=at(11, 20, 9))
        wake_case(order.case_id, opinion="材料已补齐", by=street, now=at(11, 20, 9))
        with pytest.raises(IllegalMove):
            wake_case(order.case_id, by=street, now=at(11, 20, 9))

    def test_nothing_but_contact_goes_on_meanwhile(self, order, secretary, street):
        sign(order.pk, by=secretary, now=LATER)
        decided(asked(order, secretary, "suspend", value={"until": "2026-12-01"}), street)
        record_contact(order.pk, way="phone", result="reached", by=secretary, now=LATER)
        with pytest.raises(IllegalMove):
            report(order.pk, text="好了", told_way="phone", by=secretary, now=LATER)
        with pytest.raises(IllegalMove):
            asked(order, secretary)
        wake_case(order.case_id, by=street, now=at(11, 20, 9))
        assert not Clock.objects.filter(kind=ClockKind.FIRST_CONTACT, outcome="running").exists()

    @pytest.mark.parametrize("until", [None, "", "2026-11-18", "2027-06-01", "x"])
    def test_a_day_within_what_is_possible_is_named(self, order, secretary, until):
        with pytest.raises(BadInput) as refusal:
            asked(order, secretary, "suspend", value={"until": until})
        assert refusal.value.field == "until"

    def test_a_stage_is_closed_with_a_day_and_the_citizen_told(self, order, secretary, street):
        sign(order.pk, by=secretary, now=LATER)
        with pytest.raises(IllegalMove):
            asked(order, secretary, "stage_close", value={"until": "2027-03-01", "told_way": "phone"})
        record_contact(order.pk, way="phone", result="reached", by=secretary, now=LATER)
        with pytest.raises(BadInput) as refusal:
            asked(order, secretary, "stage_close", value={"until": "2027-03-01"})
        assert refusal.value.field == "told_way"
        value = {"until": "2027-03-01", "told_way": "phone", "ground": "stage_plan"}
        decided(asked(order, secretary, "stage_close", value=value), street)
        order.case.refresh_from_db()
        assert order.case.state == "stage_closed"
        woken = datetime(2027, 3, 1, 9, tzinfo=SHANGHAI)
        assert wake_next(by=SYSTEM, now=woken) == order.case_id
        report(order.pk, text="已按计划完成。", told_way="phone", by=secretary, now=woken)


class TestVoid:
    def test_it_ends_everything_that_is_open(self, order, secretary, street):
        other = asked(order, secretary)
        decided(asked(order, secretary, "void", value={"ground": "void_withdrawn"}), street)
        order.refresh_from_db(), order.case.refresh_from_db(), other.refresh_from_db()
        assert (order.case.state, order.state, other.state) == ("void", "recalled", "overtaken")
        assert not Clock.objects.filter(outcome__in=("running", "paused")).exists()
        assert not StageFact.objects.filter(ended_at=None).exists()

    def test_a_dispatcher_asks_about_a_case_that_waits_and_another_decides(self, city):
        case = new_case(city, item=None)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        by = Actor.staff(city.staff["district_dispatcher"])
        request = ask(None, case_id=case.pk, kind="void", reason="重复登记", by=by, now=LATER)
        assert request.deciding_unit == city.centre
        with pytest.raises(NotAllowed):
            decided(request, by)
        decided(request, Actor.staff(city.staff["city_dispatcher"]))
        case.refresh_from_db()
        assert case.state == "void"

    def test_a_case_on_hold_may_be_voided(self, order, secretary, street):
        decided(asked(order, secretary, "suspend", value={"until": "2026-12-01"}), street)
        decided(asked(order, secretary, "void"), street)
        order.case.refresh_from_db()
        assert order.case.state == "void"
        assert not Clock.objects.filter(outcome__in=("running", "paused")).exists()


class TestScoreAppeal:
    @pytest.fixture
    def case(self, city, order, secretary, street):
        handled(order, secretary)
        approve(order.pk, by=street, now=LATER)
        approve(order.pk, by=Actor.staff(city.staff["district_reviewer"]), now=LATER)
        order.case.refresh_from_db()
        return order.case

    @staticmethod
    def rate(city, case, overall):
        return evaluate_case(case.pk, Scores(overall), via="agent", by=Actor.staff(city.staff["agent"]), now=LATER)

    def appeal(self, case, by, now=LATER, **given):
        return ask(None, case_id=case.pk, kind="score_appeal", reason="已解释到位", by=by, now=now, **given)

    def test_agreed_the_score_stays_and_does_not_count(self, city, case, secretary, street):
        score = self.rate(city, case, 3)
        file = SimpleUploadedFile("now.png", png("red"), "image/png")
        request = self.appeal(case, secretary, files=[file], value={"ground": "appeal_mistaken"})
        case.refresh_from_db()
        assert (case.state, case.closed_at) == ("under_appeal", LATER)
        assert running(case, ClockKind.APPEAL).request == request
        decided(request, street)
        case.refresh_from_db()
        assert (case.state, case.closed_at) == ("closed", LATER)
        assert CaseRequest.objects.agreed_appeals().get().evaluation == score
        with pytest.raises(Refused):
            self.appeal(case, secretary)

    def test_a_score_that_began_a_redo_may_be_appealed_against_and_the_redo_goes_on(
        self, city, case, secretary, street
    ):
        score = self.rate(city, case, 1)
        case.refresh_from_db()
        assert (case.round, case.state) == (2, "in_handling")
        request = self.appeal(case, secretary)
        decided(request, street)
        case.refresh_from_db()
        assert (case.round, case.state) == (2, "in_handling")
        assert CaseRequest.objects.agreed_appeals().get().evaluation == score

    def test_refused_it_counts_and_the_case_is_closed_again(self, city, case, secretary, street):
        self.rate(city, case, 3)
        decided(self.appeal(case, secretary), street, agreed=False)
        case.refresh_from_db()
        assert case.state == "closed"
        assert not CaseRequest.objects.agreed_appeals().exists()

    def test_it_needs_a_bad_score_in_time_and_the_unit_that_closed_the_case(self, city, case, secretary, street):
        with pytest.raises(IllegalMove):
            self.appeal(case, secretary)
        self.rate(city, case, 3)
        with pytest.raises(NotAllowed):
            self.appeal(case, street)
        with pytest.raises(Refused):
            self.appeal(case, secretary, now=at(11, 20, 18, 1))

    def test_withdrawn_the_case_is_closed_again(self, city, case, secretary):
        self.rate(city, case, 3)
        withdraw_request(self.appeal(case, secretary).pk, by=secretary, now=LATER)
        case.refresh_from_db()
        assert case.state == "closed"

"""重办: a round that was not good is followed by another, at the unit that closed it; twice, and it is supervised."""

from datetime import timedelta

import pytest

from dispatch.choices import ClockKind, ClockOutcome, NeedsPerson, RoundJudge, Stage
from dispatch.models import Circular, Clock, Decision, Round, StageFact, Supervision, WorkOrder
from dispatch.services import dispatch_awaiting, redo_case, redo_some
from dispatch.tests.after import DAY, HOUR, close, closed_case, make_people, rate
from dispatch.tests.changes import change, transfer
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.services import NewLine
from grid.models import Unit
from intake.models import Case, Evaluation
from intake.services import Scores, answer_case, evaluate_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, StalePage
from shenzhen_gov.core.models import AuditEntry, CalendarYear
from shenzhen_gov.core.worktime import SHANGHAI

pytestmark = pytest.mark.django_db
LATER = NOON + DAY


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def people(city):
    return make_people(city)


def rounds_of(case) -> list[tuple]:
    return list(case.rounds.order_by("number").values_list("number", "satisfied", "judged_by"))


def open_lead_facts(case) -> list[StageFact]:
    return list(StageFact.objects.filter(case=case, ended_at=None, role="lead"))


def test_who_is_not_satisfied_has_the_case_done_again_by_the_same_unit(city, people):
    case = closed_case(city, people)
    first = WorkOrder.objects.get(case=case)
    rate(case, 2, now=LATER, text="还有一半没清")
    assert (case.state, case.round, case.closed_at) == ("in_handling", 2, None)
    assert rounds_of(case) == [(1, False, RoundJudge.EVALUATION), (2, None, "")]
    again = WorkOrder.objects.get(case=case, round=2)
    assert (again.unit, again.seq, again.state) == (first.unit, 2, "pending_sign")
    assert case.holder_id == first.unit_id
    decision = again.decision
    assert decision.mode == "automatic"
    assert any(reason["code"] == "redo_same_unit" for reason in decision.reasons)
    assert not Round.objects.filter(awaits_redo=True).exists()


def test_three_of_five_is_no_reason_to_do_it_again(city, people):
    case = closed_case(city, people)
    rate(case, 3, now=LATER)
    assert (case.state, case.round) == ("closed", 1)
    assert rounds_of(case) == [(1, True, RoundJudge.EVALUATION)]


def test_the_overall_clock_goes_on_from_the_first_acceptance(city, people):
    case = closed_case(city, people)
    (first,) = Clock.objects.filter(case=case, kind=ClockKind.OVERALL)
    rate(case, 1, now=LATER)
    old, new = Clock.objects.filter(case=case, kind=ClockKind.OVERALL).order_by("pk")
    assert (old.due_at, old.outcome) == (first.due_at, ClockOutcome.MET)
    assert (new.started_at, new.outcome) == (first.started_at, ClockOutcome.RUNNING)
    handling = Clock.objects.get(case=case, kind=ClockKind.HANDLING, outcome=ClockOutcome.RUNNING)
    # Thursday 19 November + 3 working days of a redo is Tuesday the 24th at closing; the 2 of review count from
    # Wednesday morning: Friday the 27th.
    assert handling.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "11-24 18:00"
    assert new.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "11-27 18:00"
    assert case.due_at == new.due_at


def test_facts_go_on_in_the_new_round_without_a_gap(city, people):
    case = closed_case(city, people)
    closed_at = case.closed_at
    rate(case, 1, now=LATER)
    (running,) = open_lead_facts(case)
    assert (running.round, running.stage) == (2, Stage.SIGN)
    waited = StageFact.objects.get(case=case, round=2, stage=Stage.DISPATCH)
    assert (waited.started_at, waited.ended_at) == (LATER, LATER)
    ended = StageFact.objects.filter(case=case, round=1).order_by("-ended_at").first()
    assert ended.ended_at == closed_at


def test_twice_not_satisfied_is_supervised_and_named_in_a_circular(city, people):
    case = closed_case(city, people)
    rate(case, 1, now=LATER)
    assert not Supervision.objects.exists()
    assert not Circular.objects.exists()
    close(case, people, now=LATER + HOUR)
    assert case.state == "closed"
    rate(case, 2, now=LATER + DAY)
    assert (case.state, case.round) == ("in_handling", 3)
    order = Supervision.objects.get(case=case)
    assert order.reason == "dissatisfied"
    (line,) = Circular.objects.get().lines.all()
    assert (line.case_id, line.unit, line.reason) == (case.pk, city.stations[0][0][0], "dissatisfied")


def test_the_third_time_a_supervisor_decides(city, people):
    case = closed_case(city, people)
    for number in range(3):
        rate(case, 1, now=LATER + number * DAY)
        if number < 2:
            close(case, people, now=LATER + number * DAY + HOUR)
    assert (case.state, case.round) == ("closed", 3)
    assert rounds_of(case)[-1] == (3, False, RoundJudge.EVALUATION)
    assert AuditEntry.objects.filter(action="case.not_redone", object_id=case.pk).count() == 1
    redo_case(case.pk, reason="督办：必须办到位", by=people.supervisor, now=LATER + 3 * DAY)
    case.refresh_from_db()
    assert (case.state, case.round) == ("in_handling", 4)


def test_an_item_that_is_not_measured_by_satisfaction_is_not_redone_by_itself(city, people):
    change(city, NewLine(kind="change", code="T01", changes={"counts_satisfaction": False}, policy="keep"))
    case = closed_case(city, people)
    assert case.item_version.counts_satisfaction is False
    rate(case, 1, now=LATER)
    assert (case.state, case.round) == ("closed", 1)
    assert rounds_of(case) == [(1, False, RoundJudge.EVALUATION)]
    assert AuditEntry.objects.get(action="case.not_redone").object_id == case.pk


def test_a_closed_unit_sends_the_redo_to_the_dispatch_desk(city, people):
    case = closed_case(city, people)
    Unit.objects.filter(pk=city.stations[0][0][0].pk).update(closed_on=NOON.date())
    rate(case, 1, now=LATER)
    assert (case.state, case.round, case.awaits_person) == ("awaiting_dispatch", 2, True)
    assert case.holder == city.stations[0][0][0].parent.parent
    assert Decision.objects.filter(case=case).first().needs_person == NeedsPerson.UNIT_CLOSED
    (waiting,) = open_lead_facts(case)
    assert (waiting.stage, waiting.unit, waiting.round) == (Stage.DISPATCH, case.holder, 2)
    assert Clock.objects.filter(case=case, kind=ClockKind.DISPATCH, outcome=ClockOutcome.RUNNING).count() == 1
    assert Clock.objects.filter(case=case, kind=ClockKind.OVERALL, outcome=ClockOutcome.RUNNING).count() == 1


def test_another_unit_in_the_duty_list_sends_the_redo_to_the_dispatch_desk(city, people):
    case = closed_case(city, people)
    change(city, transfer(city, "keep"))
    rate(case, 1, now=LATER)
    assert (case.state, case.awaits_person, case.holder.kind) == ("awaiting_dispatch", True, "centre")
    decision = Decision.objects.filter(case=case).first()
    assert decision.needs_person == NeedsPerson.REDO
    assert any(str(city.bureaus[0]["urban_management"]) in reason["text"] for reason in decision.explained)


def test_what_was_answered_on_the_spot_is_dispatched_like_a_new_case(city, people):
    agent = Actor.staff(city.staff["agent"])
    case = new_case(city, accept=False)
    answer_case(case.pk, answer="垃圾分类时间为早七点至九点。", by=agent, now=NOON)
    rate(Case.objects.get(pk=case.pk), 1, now=LATER)
    case.refresh_from_db()
    assert (case.state, case.round, case.awaits_person, case.accepted_at) == ("awaiting_dispatch", 2, False, LATER)
    assert len(open_lead_facts(case)) == 1
    dispatch_awaiting(by=SYSTEM, now=LATER + HOUR)
    case.refresh_from_db()
    assert case.state == "in_handling"
    assert case.due_at is not None
    assert len(open_lead_facts(case)) == 1


def test_without_a_calendar_the_evaluation_counts_and_the_redo_waits(city, people):
    case = closed_case(city, people)
    CalendarYear.objects.filter(year=2026).update(complete=False)
    rate(case, 1, now=LATER)
    assert Evaluation.objects.filter(case=case).exists()
    assert (case.state, case.round) == ("closed", 1)
    assert Round.objects.get(case=case).awaits_redo
    assert redo_some(now=LATER) == 0
    CalendarYear.objects.filter(year=2026).update(complete=True)
    assert redo_some(now=LATER + HOUR) == 1
    case.refresh_from_db()
    assert (case.state, case.round) == ("in_handling", 2)
    assert redo_some(now=LATER + HOUR) == 0


def test_only_a_supervisor_redoes_by_hand_and_says_why(city, people):
    case = closed_case(city, people)
    with pytest.raises(NotAllowed):
        redo_case(case.pk, reason="重办", by=people.street, now=LATER)
    with pytest.raises(BadInput):
        redo_case(case.pk, reason="  ", by=people.supervisor, now=LATER)
    with pytest.raises(StalePage):
        redo_case(case.pk, reason="重办", by=people.supervisor, now=LATER, row_version=1)
    redo_case(case.pk, reason="现场仍有纸箱", by=people.supervisor, now=LATER)
    assert rounds_of(case) == [(1, False, RoundJudge.SUPERVISOR), (2, None, "")]
    with pytest.raises(IllegalMove):
        redo_case(case.pk, reason="再来一次", by=people.supervisor, now=LATER)


def test_a_new_round_is_evaluated_by_itself(city, people):
    case = closed_case(city, people)
    rate(case, 1, now=LATER)
    close(case, people, now=LATER + HOUR)
    rate(case, 5, now=LATER + timedelta(hours=4))
    assert rounds_of(case) == [(1, False, RoundJudge.EVALUATION), (2, True, RoundJudge.EVALUATION)]
    with pytest.raises(IllegalMove):
        evaluate_case(case.pk, Scores(1), via="track", by=Actor.citizen("track"), now=LATER + DAY)

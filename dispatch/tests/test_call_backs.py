"""回访: who is called, by one agent at a time, and what follows from what was said."""

from datetime import timedelta

import pytest

from dispatch.choices import CallBackReason, ClockKind, ClockOutcome, DoubtKind, RoundJudge
from dispatch.models import CallBack, Clock, ClosureCheck, Round
from dispatch.services import claim_call_back, plan_call_back, record_call_back, release_call_back
from dispatch.tests.after import DAY, HOUR, closed_case, make_people, rate
from dispatch.tests.world import NOON, make_world
from intake.models import Case, Evaluation
from intake.services import Scores
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry, CalendarYear, Parameter
from shenzhen_gov.core.parameters import forget
from shenzhen_gov.core.worktime import SHANGHAI

pytestmark = pytest.mark.django_db
TOMORROW = NOON + DAY


@pytest.fixture
def city():
    world = make_world()
    Parameter.objects.filter(key="call_back.sample_share").update(value=0)  # nobody is drawn by chance
    forget()
    return world


@pytest.fixture
def people(city):
    return make_people(city)


@pytest.fixture
def call(city, people) -> CallBack:
    """A call taken by the agent on the day after closing."""
    closed_case(city, people)
    return claim_call_back(by=people.caller, now=TOMORROW)


def answered(call, people, **given):
    given = {"result": "reached", "is_solved": True, "is_told": True} | given
    return record_call_back(call.pk, **given, by=people.caller, now=TOMORROW + HOUR)


class TestWhoIsCalled:
    def test_who_has_not_evaluated_is_called_on_the_next_working_day(self, city, people):
        case = closed_case(city, people)
        planned = CallBack.objects.get(case=case)
        assert planned.why == CallBackReason.UNRATED
        # Closed on Wednesday: from Thursday at 9, until Thursday at 18.
        assert planned.ready_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "11-19 09:00"
        assert planned.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "11-19 18:00"
        assert Clock.objects.get(case=case, kind=ClockKind.CALL_BACK).outcome == ClockOutcome.RUNNING
        assert claim_call_back(by=people.caller, now=NOON + 3 * HOUR) is None

    def test_who_wants_a_call_is_called_at_once_and_also_after_an_evaluation(self, city, people):
        case = closed_case(city, people)
        CallBack.objects.all().delete()
        Clock.objects.filter(kind=ClockKind.CALL_BACK).delete()
        Case.objects.filter(pk=case.pk).update(needs_callback=True)
        case.refresh_from_db()
        planned = plan_call_back(case, NOON)
        assert (planned.why, planned.ready_at) == (CallBackReason.WANTED, NOON)
        rate(case, 5, now=NOON + HOUR)
        assert claim_call_back(by=people.caller, now=NOON + HOUR).pk == planned.pk

    def test_who_has_evaluated_is_left_in_peace(self, city, people):
        case = closed_case(city, people)
        rate(case, 4, now=NOON + 4 * HOUR)
        assert CallBack.objects.get(case=case).state == "lapsed"
        assert Clock.objects.get(case=case, kind=ClockKind.CALL_BACK).outcome == ClockOutcome.CANCELLED
        assert claim_call_back(by=people.caller, now=TOMORROW) is None

    def test_a_redo_lapses_the_call(self, city, people):
        case = closed_case(city, people)
        rate(case, 1, now=NOON + 4 * HOUR)
        assert CallBack.objects.get(case=case).state == "lapsed"

    def test_nobody_without_a_number_and_no_confidential_caller(self, city, people):
        closed_case(city, people, phone="", name="")
        closed_case(city, people, phone="13800138001", wants_secrecy=True)
        assert not CallBack.objects.exists()

    def test_a_share_is_called_whoever_evaluated(self, city, people):
        Parameter.objects.filter(key="call_back.sample_share").update(value=1)
        forget()
        case = closed_case(city, people)
        assert CallBack.objects.get(case=case).why == CallBackReason.SAMPLE

    def test_a_missing_calendar_stops_no_closing(self, city, people):
        CalendarYear.objects.filter(year=2027).update(complete=False)
        late = NOON.replace(month=12, day=31, hour=9)
        case = closed_case(city, people, now=NOON)
        CallBack.objects.all().delete()
        planned = plan_call_back(case, late)
        assert planned.ready_at == late


class TestOneAgentACall:
    def test_two_agents_get_two_calls(self, city, people):
        closed_case(city, people)
        closed_case(city, people, phone="13800138001", now=NOON + timedelta(minutes=5))
        one = claim_call_back(by=people.caller, now=TOMORROW)
        other = claim_call_back(by=people.other_caller, now=TOMORROW)
        assert one.pk != other.pk
        assert claim_call_back(by=people.caller, now=TOMORROW).pk == one.pk

    def test_a_call_that_is_taken_names_who_makes_it(self, call, people):
        with pytest.raises(Refused, match="after_caller"):
            claim_call_back(call.pk, by=people.other_caller, now=TOMORROW)
        assert claim_call_back(by=people.other_caller, now=TOMORROW) is None

    def test_a_claim_runs_out(self, call, people):
        later = TOMORROW + timedelta(minutes=21)
        assert claim_call_back(by=people.other_caller, now=later).pk == call.pk
        with pytest.raises(IllegalMove):
            record_call_back(
                call.pk, result="reached", is_solved=True, is_told=True, by=people.caller, now=later + HOUR
            )

    def test_a_call_may_be_given_back(self, call, people):
        release_call_back(call.pk, by=people.caller, now=TOMORROW)
        assert claim_call_back(by=people.other_caller, now=TOMORROW).pk == call.pk

    def test_nothing_is_recorded_without_taking_the_call(self, city, people):
        case = closed_case(city, people)
        planned = CallBack.objects.get(case=case)
        with pytest.raises(IllegalMove):
            record_call_back(planned.pk, result="reached", is_solved=True, is_told=True, by=people.caller, now=TOMORROW)

    def test_only_agents_of_the_territory_call(self, city, people, call):
        with pytest.raises(NotAllowed):
            record_call_back(
                call.pk, result="reached", is_solved=True, is_told=True, by=people.supervisor, now=TOMORROW
            )
        assert claim_call_back(by=people.supervisor, now=TOMORROW) is None
        with pytest.raises(OutOfSight):
            claim_call_back(call.pk, by=people.supervisor, now=TOMORROW)


class TestWhatFollows:
    def test_solved_with_scores_is_an_evaluation(self, call, people):
        answered(call, people, scores=Scores(5, speed=4, text="很满意"), text="很满意")
        found = Evaluation.objects.get(case=call.case)
        assert (found.overall, found.speed, found.via) == (5, 4, "call_back")
        call.refresh_from_db()
        assert (call.state, call.is_solved, call.tries) == ("reached", True, 1)
        assert Clock.objects.get(case=call.case, kind=ClockKind.CALL_BACK).outcome == ClockOutcome.MET
        assert Round.objects.get(case=call.case).satisfied is True

    def test_solved_without_scores_judges_the_round_only(self, call, people):
        answered(call, people)
        assert not Evaluation.objects.exists()
        found = Round.objects.get(case=call.case)
        assert (found.satisfied, found.judged_by) == (True, RoundJudge.CALL_BACK)

    def test_not_solved_is_done_again_and_doubts_the_closing(self, call, people):
        answered(call, people, is_solved=False, is_told=False, text="根本没人来")
        case = Case.objects.get(pk=call.case_id)
        assert (case.state, case.round) == ("in_handling", 2)
        first = Round.objects.get(case=case, number=1)
        assert (first.satisfied, first.judged_by) == (False, RoundJudge.CALL_BACK)
        check = ClosureCheck.objects.get(case=case)
        assert (check.round, check.reasons[0]["kind"]) == (1, DoubtKind.NOT_SOLVED)

    def test_not_solved_with_bad_scores_is_done_again_once(self, call, people):
        answered(call, people, is_solved=False, scores=Scores(1))
        case = Case.objects.get(pk=call.case_id)
        assert (case.state, case.round) == ("in_handling", 2)
        assert case.work_orders.count() == 2

    def test_solved_but_scored_badly_is_done_again(self, call, people):
        answered(call, people, is_solved=True, scores=Scores(2))
        assert Case.objects.get(pk=call.case_id).round == 2

    def test_the_citizens_own_evaluation_is_not_written_over(self, call, people):
        rate(call.case, 4, now=TOMORROW)
        answered(call, people, scores=Scores(5))
        assert Evaluation.objects.get(case=call.case).overall == 4

    def test_nobody_answers_three_times(self, call, people):
        for tries, state in ((1, "waiting"), (2, "waiting"), (3, "unreachable")):
            now = TOMORROW + tries * DAY
            claim_call_back(call.pk, by=people.caller, now=now)
            record_call_back(call.pk, result="not_reached", text="无人接听", by=people.caller, now=now)
            call.refresh_from_db()
            assert (call.tries, call.state) == (tries, state)
            if state == "waiting":
                assert call.ready_at > now
        assert [one.result for one in call.calls.all()] == ["not_reached"] * 3
        assert Clock.objects.get(case=call.case, kind=ClockKind.CALL_BACK).outcome == ClockOutcome.LATE
        assert AuditEntry.objects.filter(object_id=call.case_id, action="call_back.given_up").exists()

    def test_who_does_not_want_to_talk_is_not_called_again(self, call, people):
        answered(call, people, result="refused", is_solved=None, is_told=None)
        call.refresh_from_db()
        assert (call.state, call.is_solved) == ("refused", None)
        assert claim_call_back(by=people.caller, now=TOMORROW + DAY) is None

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"result": "maybe"}, "result"),
            ({"is_solved": None}, "is_solved"),
            ({"is_told": None}, "is_told"),
            ({"text": "长" * 501}, "text"),
            ({"scores": Scores(6)}, "overall"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_kept(self, call, people, given, field):
        with pytest.raises(BadInput) as refused:
            answered(call, people, **given)
        assert refused.value.field == field
        call.refresh_from_db()
        assert (call.state, call.tries) == ("waiting", 0)

    def test_a_call_is_recorded_once(self, call, people):
        answered(call, people)
        with pytest.raises(IllegalMove):
            answered(call, people)

"""Several people at the same moment: no call is made twice, no closing judged twice, no case redone twice."""

import pytest

from dispatch.choices import DoubtKind
from dispatch.models import CallBack, WorkOrder
from dispatch.services import claim_call_back, decide_check, open_check, redo_case
from dispatch.tests.after import DAY, HOUR, closed_case, make_people
from dispatch.tests.world import NOON, make_world
from intake.models import Case
from intake.services import Scores, evaluate_case
from intake.tests.test_concurrency import in_threads
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove

LATER = NOON + DAY


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    @pytest.fixture
    def city(self):
        return make_world()

    @pytest.fixture
    def people(self, city):
        return make_people(city)

    def test_two_agents_never_take_the_same_call(self, city, people):
        for number in range(3):
            closed_case(city, people, phone=f"1380013800{number}", now=NOON + number * HOUR / 4)
        agents = [people.caller, people.other_caller]
        taken = in_threads(2, lambda number: claim_call_back(by=agents[number], now=LATER).pk)
        assert len(set(taken)) == 2
        assert CallBack.objects.filter(claimed_by__isnull=False).count() == 2

    def test_an_evaluation_and_a_supervisor_redo_a_case_once(self, city, people):
        case = closed_case(city, people)
        citizen = Actor.citizen("track")
        steps = [
            lambda: evaluate_case(case.pk, Scores(1), via="track", by=citizen, now=LATER),
            lambda: redo_case(case.pk, reason="督办", by=people.supervisor, now=LATER),
        ]
        results = in_threads(2, lambda number: steps[number]())
        assert [type(one) for one in results if isinstance(one, Exception)] == [IllegalMove]
        assert Case.objects.get(pk=case.pk).round == 2
        assert WorkOrder.objects.filter(case=case).count() == 2

    def test_two_who_decide_a_check_one_is_told(self, city, people):
        case = closed_case(city, people)
        check = open_check(case.pk, 1, DoubtKind.NOT_SOLVED, {}, now=LATER)
        who = [people.street, people.district]

        def decide(number):
            return decide_check(check.pk, confirmed=True, opinion="属实", by=who[number], now=LATER)

        results = in_threads(2, decide)
        assert [type(one) for one in results if isinstance(one, Exception)] == [IllegalMove]
        assert Case.objects.get(pk=case.pk).round == 2

"""Urging, supervising, instructing, circulars: who may, what stands where, what stops."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dispatch.choices import ClockOutcome
from dispatch.models import Circular, Clock, Instruction, Supervision, Urge
from dispatch.selectors.supervision import get_marks
from dispatch.services import (
    answer_instruction,
    approve,
    change_circular,
    circulate,
    confirm_supervision,
    drop_line,
    end_supervision,
    instruct,
    publish_circular,
    publish_due,
    supervise,
    urge_case,
    urge_many,
)
from dispatch.tests.desks import client_of, dispatched, reported
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from intake.services import withdraw_case
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def order(city):
    return dispatched(city, 1, now=NOON)[0]


@pytest.fixture
def who(city):
    return {name: Actor.staff(person) for name, person in city.staff.items()}


def actions(case):
    return list(AuditEntry.objects.filter(object_id=case.pk).order_by("id").values_list("action", flat=True))


class TestUrging:
    def test_it_is_kept_with_the_unit_that_has_the_case_and_moves_nothing(self, order, who):
        urge = urge_case(order.case_id, text=" 请尽快 ", by=who["supervisor"], now=LATER)
        assert (urge.text, urge.unit, urge.case.state) == ("请尽快", order.unit, "in_handling")
        assert actions(order.case)[-1] == "case.urged"

    def test_only_supervisors_urge_and_only_where_they_see(self, order, who):
        with pytest.raises(NotAllowed):
            urge_case(order.case_id, text="x", by=who["agent"], now=LATER)
        with pytest.raises(OutOfSight):
            urge_case(order.case_id, text="x", by=who["other_secretary"], now=LATER)

    @pytest.mark.parametrize("text", ["", "  ", "长" * 501, "a\x00b", "\ud800"])
    def test_words_that_cannot_be_kept_are_refused_at_their_field(self, order, who, text):
        with pytest.raises(BadInput) as refused:
            urge_case(order.case_id, text=text, by=who["supervisor"], now=LATER)
        assert refused.value.field == "text"
        assert not Urge.objects.exists()

    def test_a_case_that_has_ended_is_not_urged(self, city, who):
        case = new_case(city, item="")
        withdraw_case(case.pk, reason="不再需要处理", via="agent", by=who["agent"], now=LATER)
        with pytest.raises(IllegalMove):
            urge_case(case.pk, text="x", by=who["supervisor"], now=LATER)

    def test_several_are_urged_with_one_text_or_none_at_all(self, city, who):
        orders = dispatched(city, 3, now=NOON)
        ids = [one.case_id for one in orders]
        assert len(urge_many(ids, text="请尽快", by=who["supervisor"], now=LATER)) == 3
        gone = new_case(city, item="")
        withdraw_case(gone.pk, reason="不再需要处理", via="agent", by=who["agent"], now=LATER)
        with pytest.raises(IllegalMove, match=gone.number):
            urge_many([*ids, gone.pk], text="再催", by=who["supervisor"], now=LATER)
        assert Urge.objects.filter(text="再催").count() == 0


class TestSupervision:
    def test_it_has_a_clock_of_its_own_and_one_is_open_at_a_time(self, order, who):
        opened = supervise(order.case_id, text="三日内报结果", by=who["supervisor"], now=LATER)
        clock = Clock.objects.get(case=order.case, kind="supervision")
        assert (clock.due_at, clock.outcome) == (opened.due_at, ClockOutcome.RUNNING)
        with pytest.raises(IllegalMove):
            supervise(order.case_id, text="再督办", by=who["supervisor"], now=LATER)

    def test_a_date_may_be_given_but_not_one_that_has_passed(self, order, who):
        with pytest.raises(BadInput) as refused:
            supervise(order.case_id, text="x", due_at=NOON, by=who["supervisor"], now=LATER)
        assert refused.value.field == "due_at"
        due_at = LATER + timedelta(days=2)
        assert supervise(order.case_id, text="x", due_at=due_at, by=who["supervisor"], now=LATER).due_at == due_at

    def test_the_unit_confirms_it_once(self, order, who):
        supervise(order.case_id, text="三日内报结果", by=who["supervisor"], now=LATER)
        with pytest.raises(OutOfSight):
            confirm_supervision(order.case_id, text="", by=who["other_secretary"], now=LATER)
        with pytest.raises(NotAllowed):
            confirm_supervision(order.case_id, text="", by=who["supervisor"], now=LATER)
        done = confirm_supervision(order.case_id, text="今日清理", by=who["community_secretary"], now=LATER)
        assert (done.confirmed_by, done.confirmation) == (who["community_secretary"].name, "今日清理")
        with pytest.raises(IllegalMove):
            confirm_supervision(order.case_id, text="", by=who["community_secretary"], now=LATER)

    def test_it_ends_with_a_result_in_time_or_late(self, order, who):
        opened = supervise(order.case_id, text="x", by=who["supervisor"], now=LATER)
        with pytest.raises(BadInput):
            end_supervision(order.case_id, result=" ", by=who["supervisor"], now=LATER)
        after = opened.due_at + timedelta(minutes=1)
        ended = end_supervision(order.case_id, result="已清理", by=who["supervisor"], now=after)
        assert (ended.ended_at, ended.result) == (after, "已清理")
        assert Clock.objects.get(case=order.case, kind="supervision").outcome == ClockOutcome.LATE
        with pytest.raises(IllegalMove):
            end_supervision(order.case_id, result="x", by=who["supervisor"], now=after)

    def test_it_ends_with_the_case(self, city, order, who):
        supervise(order.case_id, text="x", by=who["supervisor"], now=LATER)
        reported(city, order, now=LATER)
        approve(order.pk, by=who["reviewer"], now=LATER)
        approve(order.pk, by=who["district_reviewer"], now=LATER)
        ended = Supervision.objects.get()
        assert ended.ended_at == LATER
        assert Clock.objects.get(case=order.case, kind="supervision").outcome == ClockOutcome.MET


class TestInstructions:
    def test_a_leader_instructs_and_the_unit_answers(self, order, who):
        with pytest.raises(NotAllowed):
            instruct(order.case_id, text="x", by=who["supervisor"], now=LATER)
        given = instruct(order.case_id, text="请街道牵头", asks_reply=True, by=who["leader"], now=LATER)
        assert get_marks([order.case_id])[order.case_id].asks_reply
        answered = answer_instruction(order.case_id, text="已牵头", by=who["community_secretary"], now=LATER)
        assert (answered.pk, answered.reply) == (given.pk, "已牵头")
        assert get_marks([order.case_id]) == {}
        with pytest.raises(IllegalMove):
            answer_instruction(order.case_id, text="x", by=who["community_secretary"], now=LATER)

    def test_one_that_asks_for_nothing_waits_for_nothing(self, order, who):
        instruct(order.case_id, text="知悉", by=who["leader"], now=LATER)
        assert Instruction.objects.get().asks_reply is False
        assert get_marks([order.case_id]) == {}


class TestCirculars:
    def test_the_draft_of_the_period_collects_each_case_once(self, city, who):
        first, second = dispatched(city, 2, now=NOON)
        for order in (first, second, first):
            line = circulate(order.case_id, reason="overdue", by=who["supervisor"], now=LATER)
        assert (line.unit, line.circular.lines.count()) == (first.unit, 2)
        draft = Circular.objects.get()
        assert (str(draft.first_day), str(draft.last_day)) == ("2026-11-16", "2026-11-22")

    def test_published_nothing_in_it_changes_and_the_next_case_opens_another(self, city, who):
        first, second = dispatched(city, 2, now=NOON)
        line = circulate(first.case_id, by=who["supervisor"], now=LATER)
        draft = change_circular(line.circular_id, title="第一期", text="通报", by=who["supervisor"], now=LATER)
        with pytest.raises(StalePage):
            publish_circular(draft.pk, by=who["supervisor"], now=LATER, row_version=draft.row_version - 1)
        publish_circular(draft.pk, by=who["supervisor"], now=LATER)
        for refused in (
            lambda: publish_circular(draft.pk, by=who["supervisor"], now=LATER),
            lambda: drop_line(draft.pk, line.pk, by=who["supervisor"], now=LATER),
            lambda: change_circular(draft.pk, title="x", by=who["supervisor"], now=LATER),
        ):
            with pytest.raises(IllegalMove):
                refused()
        assert circulate(second.case_id, by=who["supervisor"], now=LATER).circular_id != draft.pk

    def test_an_empty_one_is_not_published_and_others_may_not(self, order, who):
        line = circulate(order.case_id, by=who["supervisor"], now=LATER)
        with pytest.raises(OutOfSight):
            publish_circular(line.circular_id, by=who["community_secretary"], now=LATER)
        drop_line(line.circular_id, line.pk, by=who["supervisor"], now=LATER)
        with pytest.raises(BadInput):
            publish_circular(line.circular_id, by=who["supervisor"], now=LATER)

    def test_by_itself_only_where_the_parameter_says_so(self, order, who):
        circulate(order.case_id, by=who["supervisor"], now=LATER)
        after = LATER + timedelta(days=7)
        assert publish_due(by=SYSTEM, now=after) == 0
        Parameter.objects.filter(key="circular.automatic").update(value=True)
        parameters.forget()
        assert publish_due(by=SYSTEM, now=LATER) == 0
        assert publish_due(by=SYSTEM, now=after) == 1
        assert Circular.objects.get().published_by == SYSTEM.name


class TestPages:
    def case_page(self, user, order, **query):
        return client_of(user, "en").get(reverse("dispatch:case", args=[order.case.number]), query).content.decode()

    def test_the_steps_are_offered_to_who_holds_the_act(self, city, order):
        page = self.case_page(city.staff["supervisor"], order)
        assert "do=urge" in page
        assert "do=supervise" in page
        assert "do=end_supervision" not in page
        page = self.case_page(city.staff["community_secretary"], order)
        assert "do=urge" not in page
        assert "do=confirm_supervision" not in page

    def test_a_supervised_case_says_so_and_its_unit_may_confirm(self, city, order, who):
        supervise(order.case_id, text="三日内", by=who["supervisor"], now=NOON)
        page = self.case_page(city.staff["community_secretary"], order)
        assert "Supervised, to be confirmed" in page
        assert "do=confirm_supervision" in page
        more = reverse("dispatch:case_more", args=[order.case.number])
        assert "三日内" in client_of(city.staff["community_secretary"]).get(more).content.decode()

    def test_a_step_is_taken_and_a_refusal_keeps_what_was_typed(self, city, order):
        client: Client = client_of(city.staff["supervisor"])
        order.case.refresh_from_db()
        address = reverse("dispatch:act_on_case", args=[order.case_id, "supervise"])
        given = {"row_version": order.case.row_version, "reason": "overdue", "text": "三日内"}
        refused = client.post(address, given | {"due_at": "2020-01-01T00:00"})
        assert refused.status_code == 400
        assert "三日内" in refused.content.decode()
        assert client.post(address, given).status_code == 302
        assert Supervision.objects.get().reason == "overdue"

"""部分退回: one matter of several goes back as a case of its own while the unit handles the rest."""

from datetime import timedelta

import pytest

from dispatch.choices import ClockKind, RequestKind, RequestState
from dispatch.models import CaseRequest, CaseSplit, Clock, Docket, WorkOrder
from dispatch.selectors import get_steps
from dispatch.services import ask, decide_request, dispatch_awaiting, sign
from dispatch.tests.desks import client_of, dispatched, page_of
from dispatch.tests.world import NOON, SYSTEM, make_world
from dispatch.workflow import HANDLING
from grid.tests.factories import grant, make_staff
from intake.choices import LinkKind
from intake.models import Case, CaseLink
from intake.workflow import AWAITING_DISPATCH, IN_HANDLING
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.verification import verify_object

pytestmark = pytest.mark.django_db
REST, PART = "二楼楼道里堆满纸箱。", "小区门口的路灯整夜不亮。"


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


@pytest.fixture
def street(city):
    office = city.offices[0][0]
    return Actor.staff(grant(make_staff("decider", office), ["view_case", "decide_request"], office))


@pytest.fixture
def order(city, secretary):
    (found,) = dispatched(city, 1, now=NOON, content=REST + PART)
    sign(found.pk, by=secretary, now=NOON)
    return WorkOrder.objects.select_related("case").get(pk=found.pk)


def asked(order, by, **given):
    value = {"ground": "", "part": PART, "rest": REST} | given
    return ask(order.pk, kind=RequestKind.PART_RETURN, reason="路灯不归社区。", value=value, by=by, now=NOON)


def agreed(request, by, **given):
    return decide_request(request.pk, agreed=True, opinion="同意拆分。", by=by, now=NOON + timedelta(hours=1), **given)


class TestAskedFor:
    def test_nothing_changes_and_the_clock_runs_on(self, order, secretary):
        request = asked(order, secretary)
        order.refresh_from_db()
        assert (order.state, Case.objects.count(), request.state) == (HANDLING, 1, RequestState.OPEN)
        assert Clock.objects.filter(kind=ClockKind.HANDLING, outcome="running").exists()
        assert request.asked_value == {"part": PART, "rest": REST}

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"part": ""}, "part"), ({"rest": " "}, "rest"), ({"part": "a\x00b"}, "part"), ({"rest": "\ud800啊"}, "rest"),
         ({"part": "字" * 5001}, "part"), ({"item": "NO-SUCH"}, "item")],
    )  # fmt: skip
    def test_bad_input_is_refused_by_its_field(self, order, secretary, given, field):
        with pytest.raises(BadInput) as refused:
            asked(order, secretary, **given)
        assert refused.value.field == field
        assert not CaseRequest.objects.exists()

    def test_is_asked_by_whoever_handles_there(self, city, order):
        with pytest.raises(NotAllowed):
            asked(order, Actor.staff(city.staff["reviewer"]))

    def test_comes_too_late_after_the_limit_of_returns(self, order, secretary):
        with pytest.raises(Refused):
            ask(
                order.pk, kind=RequestKind.PART_RETURN, reason="路灯不归社区。", value={"part": PART, "rest": REST},
                by=secretary, now=NOON + timedelta(days=20),
            )  # fmt: skip


class TestAgreedTo:
    def test_the_unit_keeps_the_rest_under_its_deadline(self, order, secretary, street):
        due = Clock.objects.get(work_order=order, kind=ClockKind.HANDLING).due_at
        agreed(asked(order, secretary), street)
        order.refresh_from_db()
        order.case.refresh_from_db()
        assert (order.state, order.case.state, order.case.content) == (HANDLING, IN_HANDLING, REST)
        assert order.case.holder == order.unit
        assert Clock.objects.get(work_order=order, kind=ClockKind.HANDLING).due_at == due

    def test_the_part_is_a_case_of_its_own_that_awaits_dispatch(self, city, order, secretary, street):
        agreed(asked(order, secretary, item="T02"), street)
        part = Case.objects.exclude(pk=order.case_id).get()
        assert (part.content, part.state, part.item.code) == (PART, AWAITING_DISPATCH, "T02")
        assert (part.citizen, part.registered_at) == (order.case.citizen, order.case.registered_at)
        assert part.holder.kind == "centre"
        link = CaseLink.objects.get()
        assert (link.main_id, link.secondary_id, link.kind) == (order.case_id, part.pk, LinkKind.SPLIT)
        assert dispatch_awaiting(by=SYSTEM, now=NOON + timedelta(hours=2)).total == 1
        assert WorkOrder.objects.get(case=part).unit != order.unit

    def test_what_the_request_said_before_is_kept_and_the_chain_verifies(self, order, secretary, street):
        agreed(asked(order, secretary), street)
        assert CaseSplit.objects.get().content == REST + PART
        actions = AuditEntry.objects.filter(object_id=str(order.case_id)).values_list("action", flat=True)
        assert {"request.agreed", "case.split"} <= set(actions)
        assert verify_object("intake.case", order.case_id).faults == 0

    def test_it_is_no_return_of_the_case_and_opens_no_docket(self, order, secretary, street):
        agreed(asked(order, secretary), street)
        assert not CaseRequest.objects.agreed_returns().exists()
        assert not Docket.objects.exists()


class TestRefused:
    def test_everything_stays(self, order, secretary, street):
        request = asked(order, secretary)
        decide_request(request.pk, agreed=False, opinion="一并办理。", by=street, now=NOON)
        order.case.refresh_from_db()
        assert (Case.objects.count(), order.case.content) == (1, REST + PART)

    def test_it_is_not_decided_by_who_asked(self, order, secretary):
        with pytest.raises(NotAllowed):
            agreed(asked(order, secretary), secretary)


class TestThePage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_offers_the_step_and_its_form_with_the_words_of_the_case(self, order, secretary, language):
        assert {step.name for step in get_steps(order, secretary)} >= {"ask_part_return", "ask_return"}
        page = page_of(secretary.user, "case", order.case.number, language=language, do="ask_part_return")
        text = page.content.decode()
        assert 'name="part"' in text
        assert 'name="rest"' in text

    def test_keeps_what_was_typed_when_something_is_missing(self, order, secretary):
        answer = client_of(secretary.user).post(
            f"/dispatch/work-orders/{order.pk}/ask_part_return/",
            {"row_version": order.row_version, "part": PART, "reason": "不归我们"},
        )
        assert answer.status_code == 422
        assert PART in answer.content.decode()

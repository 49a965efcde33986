"""How a case stands, for whoever asked: the five stations, the reply, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from dispatch.models import WorkOrder
from dispatch.selectors.tracking import get_tracking
from dispatch.services import dispatch_awaiting
from dispatch.tests.desks import dispatched, reported
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from intake.models import Case
from intake.services import Scores, answer_case, evaluate_case, withdraw_case
from shenzhen_gov.core.actor import Actor

NAME, PHONE = "陈某", "13800138000"


@pytest.fixture
def city(db):
    with translation.override("en"):
        yield make_world()


def seen(case):
    case = Case.objects.select_related("channel", "citizen").get(pk=case.pk)
    return get_tracking(case, now=NOON)


def states(tracking):
    return [stage.state for stage in tracking.stages]


def page_of(case, digits="8000"):
    client = Client()
    client.post(reverse("public:track"), {"number": case.number, "digits": digits})
    return client.get(reverse("tracking:case", args=[case.number]))


class TestTheStations:
    def test_begin_with_received(self, city):
        tracking = seen(new_case(city))
        assert [stage.label for stage in tracking.stages] == [
            "Received",
            "Assigned",
            "In handling",
            "Checked",
            "Evaluated",
        ]
        assert states(tracking) == ["done", "now", "ahead", "ahead", "ahead"]

    def test_name_the_unit_once_it_is_assigned(self, city):
        case = new_case(city)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        tracking = seen(case)
        assert states(tracking)[:3] == ["done", "done", "now"]
        assert tracking.stages[1].text == WorkOrder.objects.get(case=case).unit.name
        assert tracking.due_at

    def test_stay_with_the_unit_from_its_signature_to_its_report(self, city):
        (order,) = dispatched(city, 1, now=NOON)
        WorkOrder.objects.filter(pk=order.pk).update(signed_at=NOON)
        tracking = seen(order.case)
        assert states(tracking) == ["done", "done", "now", "ahead", "ahead"]
        assert (tracking.stages[2].at, tracking.stages[2].text) == (NOON, order.unit.name)

    def test_tell_that_the_report_is_being_checked(self, city):
        (order,) = dispatched(city, 1, now=NOON)
        reported(city, order, now=NOON)
        tracking = seen(order.case)
        assert states(tracking) == ["done", "done", "done", "now", "ahead"]
        assert "checked" in tracking.stages[3].text
        assert tracking.reply == ""  # not before it was checked

    def test_of_a_secret_case_name_nobody(self, city):
        case = new_case(city)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        Case.objects.filter(pk=case.pk).update(is_secret=True)
        tracking = seen(case)
        assert {stage.text for stage in tracking.stages[1:]} == {""}
        assert (tracking.reply, tracking.due_at) == ("", None)


class TestTheReply:
    def test_is_the_checked_report_without_names_and_numbers(self, city):
        (order,) = dispatched(city, 1, now=NOON)
        report = reported(city, order, now=NOON)
        order.reports.update(text=f"已联系{NAME} {PHONE}，纸箱已清走。")
        Case.objects.filter(pk=order.case_id).update(state="closed", closed_at=NOON)
        tracking = seen(order.case)
        assert report is not None
        assert tracking.reply == "已联系** ****，纸箱已清走。"
        assert (states(tracking), tracking.steps.may_rate) == (["done"] * 4 + ["now"], True)

    def test_is_the_answer_given_on_the_spot(self, city):
        case = new_case(city, accept=False)
        answer_case(case.pk, answer="工作日 9 点到 17 点。", by=Actor.staff(city.staff["agent"]), now=NOON)
        tracking = seen(case)
        assert tracking.reply == "工作日 9 点到 17 点。"
        assert states(tracking) == ["done", "done", "now"]

    def test_is_why_a_request_was_refused(self, city):
        case = new_case(city, accept=False)
        ended = {"state": "not_accepted", "refusal_reason": "不属于本市职责", "closed_at": NOON}
        Case.objects.filter(pk=case.pk).update(**ended)
        tracking = seen(case)
        assert (tracking.reply, states(tracking)) == ("不属于本市职责", ["done", "done"])

    def test_is_empty_for_a_withdrawn_request(self, city):
        case = new_case(city)
        withdraw_case(case.pk, reason="好了", via="track", by=Actor.citizen("track"), now=NOON)
        assert (seen(case).reply, states(seen(case))) == ("", ["done", "done"])


class TestThePage:
    def test_shows_neither_the_caller_nor_the_request_nor_the_staff(self, city):
        (order,) = dispatched(city, 1, now=NOON)
        reported(city, order, now=NOON)
        page = page_of(order.case).content.decode()
        case = Case.objects.get(pk=order.case_id)
        assert case.number in page
        staff = [user.get_full_name() for user in city.staff.values() if user.get_full_name()]
        for hidden in (NAME, PHONE, PHONE[-4:], case.title, case.content, *staff):
            assert hidden not in page, hidden

    def test_is_shut_to_another_browser(self, city):
        case = new_case(city)
        answer = Client().get(reverse("tracking:case", args=[case.number]))
        assert answer.url == f"{reverse('public:track')}?number={case.number}"
        unknown = Client().get(reverse("tracking:case", args=["SZRX20200101000000"]))
        assert unknown.status_code == answer.status_code

    def test_offers_the_evaluation_once(self, city):
        case = new_case(city, accept=False, now=timezone.now())
        answer_case(case.pk, answer="工作日。", by=Actor.staff(city.staff["agent"]), now=NOON)
        rate = reverse("public:rate", args=[case.number])
        assert rate in page_of(case).content.decode()
        evaluate_case(case.pk, Scores(5), via="track", by=Actor.citizen("track"), now=NOON)
        assert rate not in page_of(case).content.decode()

"""The desk of requests, and asking and deciding on the page of a case."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dispatch.models import CaseRequest, WorkOrder
from dispatch.services import ask, decide_request, dispatch_awaiting
from dispatch.tests.requests import load_request_reasons_of_the_file
from dispatch.tests.test_handling import png
from dispatch.tests.world import SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def city():
    load_request_reasons_of_the_file()
    return make_world()


@pytest.fixture
def order(city, settings):
    from django.utils import timezone

    new_case(city, now=timezone.now())
    dispatch_awaiting(by=SYSTEM, now=timezone.now())
    return WorkOrder.objects.select_related("case").get()


def client_of(city, name: str) -> Client:
    client = Client()
    client.force_login(city.staff[name])
    return client


def asked(city, order, kind="return", **value) -> CaseRequest:
    return ask(
        order.pk, kind=kind, reason="不属于本社区职责", value={"ground": f"{kind}_other", **value},
        by=Actor.staff(city.staff["community_secretary"]), now=order.assigned_at,
    )  # fmt: skip


class TestAsking:
    def send(self, city, order, step, **given):
        data = {"row_version": order.row_version, "reason": "需要更多时间", **given}
        return client_of(city, "community_secretary").post(reverse("dispatch:act", args=[order.pk, step]), data, **HTMX)

    def test_the_menu_offers_what_the_level_above_decides(self, city, order):
        page = client_of(city, "community_secretary").get(reverse("dispatch:case", args=[order.case.number]))
        text = page.content.decode()
        assert 'data-key="Q"' in text
        assert "do=ask_return" in text
        assert "do=ask_extend" in text

    @pytest.mark.parametrize("step", ["ask_return", "ask_extend", "ask_suspend", "ask_void"])
    def test_each_has_its_form(self, city, order, step):
        page = client_of(city, "community_secretary").get(
            reverse("dispatch:case", args=[order.case.number]), {"do": step}
        )
        assert 'name="ground"' in page.content.decode()

    def test_sent_it_lies_before_the_level_above(self, city, order):
        page = self.send(city, order, "ask_extend", ground="extend_works", days=3)
        assert page.status_code == 200, page.content.decode()[:3000]
        assert CaseRequest.objects.get().asked_until is not None

    def test_evidence_goes_along(self, city, order):
        file = SimpleUploadedFile("now.png", png("red"), "image/png")
        page = self.send(city, order, "ask_return", ground="return_other", evidence=file)
        assert page.status_code == 200
        assert CaseRequest.objects.get().files.count() == 1

    def test_a_unit_that_does_not_exist_is_said_at_its_field(self, city, order):
        page = self.send(city, order, "ask_return", ground="return_other", unit="没有这个单位")
        assert page.status_code == 422
        assert page.context["form"].errors["unit"]

    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(self, city, order):
        page = self.send(city, order, "ask_extend", ground="extend_works", days=99)
        text = page.content.decode()
        assert page.status_code == 422
        assert "需要更多时间" in text
        assert 'value="99"' in text
        assert not CaseRequest.objects.exists()

    @pytest.mark.parametrize("bad", ["\x00", "9" * 5000, "‮"])
    def test_bad_input_is_never_an_error_of_ours(self, city, order, bad):
        for step in ("ask_return", "ask_extend", "ask_suspend", "ask_stage_close", "ask_void"):
            data = {
                "row_version": bad,
                "reason": bad,
                "ground": bad,
                "days": bad,
                "until": bad,
                "item": bad,
                "unit": bad,
            }
            client = client_of(city, "community_secretary")
            assert client.post(reverse("dispatch:act", args=[order.pk, step]), data).status_code < 500


class TestDeciding:
    def decide(self, city, name, request, **given):
        data = {"agreed": "yes", "opinion": "同意", **given}
        return client_of(city, name).post(reverse("dispatch:decide_request", args=[request.pk]), data, **HTMX)

    def test_the_case_shows_the_request_and_the_form_to_whoever_decides(self, city, order):
        request = asked(city, order)
        address = reverse("dispatch:case", args=[order.case.number])
        decide = reverse("dispatch:decide_request", args=[request.pk])
        withdraw = reverse("dispatch:withdraw_request", args=[request.pk])
        decider = client_of(city, "reviewer").get(address).content.decode()
        asker = client_of(city, "community_secretary").get(address).content.decode()
        assert decide in decider
        assert withdraw not in decider
        assert withdraw in asker
        assert decide not in asker

    def test_agreed_it_is_done(self, city, order):
        request = asked(city, order)
        page = self.decide(city, "reviewer", request)
        assert page.status_code == 200
        assert page["HX-Trigger"] == "desk-changed"
        request.refresh_from_db()
        assert request.state == "agreed"

    def test_the_second_one_is_told(self, city, order):
        request = asked(city, order)
        decide_request(
            request.pk, agreed=False, opinion="不同意", by=Actor.staff(city.staff["reviewer"]), now=order.assigned_at
        )
        page = self.decide(city, "reviewer", request)
        assert page.status_code == 422
        assert Actor.staff(city.staff["reviewer"]).name in page.content.decode()

    @pytest.mark.parametrize(
        "given", [{"opinion": ""}, {"agreed": ""}, {"agreed": "x"}, {"opinion": "\x00"}, {"days": "x"}]
    )
    def test_what_is_missing_is_said_and_what_was_typed_kept(self, city, order, given):
        request = asked(city, order, "extend", days=2)
        page = self.decide(city, "reviewer", request, **given)
        assert page.status_code == 422
        request.refresh_from_db()
        assert request.state == "open"

    def test_other_districts_find_nothing_and_the_asker_may_not(self, city, order):
        request = asked(city, order)
        assert self.decide(city, "other_secretary", request).status_code == 404
        assert self.decide(city, "community_secretary", request).status_code == 403

    def test_the_asker_withdraws(self, city, order):
        request = asked(city, order)
        address = reverse("dispatch:withdraw_request", args=[request.pk])
        assert client_of(city, "reviewer").post(address, **HTMX).status_code == 403
        assert client_of(city, "community_secretary").post(address, **HTMX).status_code == 200
        assert client_of(city, "community_secretary").post(address, **HTMX).status_code == 422

    def test_the_history_stands_on_the_case(self, city, order):
        request = asked(city, order)
        self.decide(city, "reviewer", request, agreed="no", opinion="请继续办理")
        more = client_of(city, "community_secretary").get(reverse("dispatch:case_more", args=[order.case.number]))
        assert "请继续办理" in more.content.decode()


class TestTheDesk:
    def rows(self, city, name, **query) -> list[CaseRequest]:
        page = client_of(city, name).get(reverse("dispatch:requests"), query)
        assert page.status_code == 200
        return page.context["rows"]

    def test_it_holds_what_the_own_level_decides_and_on_demand_what_lies_below(self, city, order):
        request = asked(city, order)
        assert self.rows(city, "reviewer") == [request]
        assert self.rows(city, "reviewer", tab="return") == [request]
        assert self.rows(city, "reviewer", tab="extend") == []
        assert self.rows(city, "district_reviewer") == []
        assert self.rows(city, "district_reviewer", scope="all") == [request]

    def test_the_unit_sees_what_it_asked(self, city, order):
        request = asked(city, order)
        assert self.rows(city, "community_secretary") == [request]
        assert self.rows(city, "other_secretary", tab="mine") == []

    def test_another_district_sees_nothing(self, city, order):
        asked(city, order)
        other = grant(make_staff("other_reviewer", city.centres[1]), "reviewer", city.centres[1])
        city.staff["other_reviewer"] = other
        for scope in ("", "all"):
            for tab in ("open", "return", "decided", "mine"):
                assert self.rows(city, "other_reviewer", scope=scope, tab=tab) == []

    def test_decided_ones_move_to_their_tab(self, city, order):
        request = asked(city, order)
        TestDeciding().decide(city, "reviewer", request, agreed="no")
        assert self.rows(city, "reviewer") == []
        assert self.rows(city, "reviewer", tab="decided") == [request]

    def test_it_is_closed_to_who_neither_decides_nor_handles(self, city):
        assert client_of(city, "leader").get(reverse("dispatch:requests")).status_code == 403

    @pytest.mark.parametrize("query", [{"tab": "x"}, {"cursor": "x"}, {"scope": "\x00"}])
    def test_a_wrong_address_is_no_error_of_ours(self, city, query):
        assert client_of(city, "reviewer").get(reverse("dispatch:requests"), query).status_code < 500

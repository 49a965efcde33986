"""The pages of co-tasks: steps at the case, the list of both sides, the printed sheet, the one reply."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from dispatch.models import CoTask, Report, SpotOrder, WorkOrder
from dispatch.services import (
    accept_part,
    add_co_handler,
    dispatch_awaiting,
    note_arrival,
    order_to_spot,
    record_contact,
    report,
    sign,
)
from dispatch.tests.desks import client_of, page_of
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def secretary(city):
    return city.staff["community_secretary"]


@pytest.fixture
def crew(city):
    unit = city.enforcement[0][0]
    return grant(make_staff("crew", unit), "handler", unit)


@pytest.fixture
def lead(city, secretary):
    return at_work(city, secretary)


def at_work(city, secretary, **given) -> WorkOrder:
    case = new_case(city, **given)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get(case=case.pk)
    sign(order.pk, by=Actor.staff(secretary), now=NOON)
    record_contact(order.pk, way="phone", result="reached", by=Actor.staff(secretary), now=NOON)
    return WorkOrder.objects.get(pk=order.pk)


def take(user, order, step, **given):
    url = reverse("dispatch:act", args=[order.pk, step])
    return client_of(user).post(url, {"row_version": order.row_version, **given})


def called(city, lead, secretary) -> WorkOrder:
    ids = [city.enforcement[0][0].pk]
    order_to_spot(lead.pk, unit_ids=ids, task="劝离摊贩", place="西广场", by=Actor.staff(secretary), now=NOON)
    return WorkOrder.objects.get(role="order")


def test_a_co_handler_is_added_at_the_case_and_stands_on_its_page(city, lead, secretary):
    form = page_of(secretary, "case", lead.case.number, do="add_co").content.decode()
    assert city.bureaus[0]["urban_management"].name in form
    assert take(secretary, lead, "add_co", unit_id=city.enforcement[0][0].pk, task="查处占道").status_code == 302
    more = page_of(secretary, "case_more", lead.case.number).content.decode()
    for part in ("查处占道", city.enforcement[0][0].name, "do=take_back", f"wo={WorkOrder.objects.get(role='co').pk}"):
        assert part in more


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(city, lead, secretary):
    answer = take(secretary, lead, "add_co", unit_id=city.enforcement[0][0].pk, task="字" * 501)
    assert answer.status_code == 422
    assert "字" * 501 in answer.content.decode()
    assert not CoTask.objects.exists()


def test_the_lead_reads_what_parts_wrote_above_the_one_reply(city, lead, secretary, crew):
    by = Actor.staff(secretary)
    part = add_co_handler(lead.pk, unit_id=city.enforcement[0][0].pk, task="查处", by=by, now=LATER)
    sign(part.pk, by=Actor.staff(crew), now=LATER)
    report(part.pk, text="摊贩已全部劝离。", by=Actor.staff(crew), now=LATER)
    accept_part(part.pk, by=by, now=LATER)
    page = page_of(secretary, "case", lead.case.number, do="report").content.decode()
    assert "data-take" in page
    assert "摊贩已全部劝离。" in page


def test_the_report_asks_for_what_the_kind_of_request_needs(city, secretary):
    call_command("load_closing_criteria", verbosity=0)
    order = at_work(city, secretary, request_type="suggestion")
    page = page_of(secretary, "case", order.case.number, do="report").content.decode()
    assert 'name="adoption"' in page
    assert 'name="done_on"' not in page
    answer = take(secretary, order, "report", text="已研究", told_way="phone", adoption="not")
    assert (answer.status_code, Report.objects.count()) == (400, 0)
    assert "已研究" in answer.content.decode()
    given = {"text": "已研究", "told_way": "phone", "adoption": "not", "adoption_reason": "用地不足"}
    assert take(secretary, order, "report", **given).status_code == 302
    assert Report.objects.get().adoption_reason == "用地不足"
    reviewer = page_of(city.staff["reviewer"], "case", order.case.number, do="approve", language="en").content.decode()
    assert "whether the suggestion is adopted" in reviewer


def test_departments_are_called_by_ticking_and_only_known_ones(city, lead, secretary):
    unit = city.enforcement[0][0]
    bad = take(secretary, lead, "order", unit_ids=[unit.pk, 10**9], task="劝离", place="西广场")
    assert (bad.status_code, SpotOrder.objects.count()) == (422, 0)
    good = take(secretary, lead, "order", unit_ids=[unit.pk, city.company.pk], task="劝离", place="西广场")
    assert (good.status_code, CoTask.objects.count()) == (302, 2)


def test_both_sides_find_the_order_and_others_do_not(city, lead, secretary, crew):
    called(city, lead, secretary)
    for user, side in ((secretary, "by"), (crew, "of")):
        assert "劝离摊贩" in page_of(user, "orders", side=side, tab="to_arrive").content.decode()
    assert "劝离摊贩" in page_of(crew, "orders").content.decode()  # whoever is called begins with what it is called for
    assert "劝离摊贩" not in page_of(crew, "orders", side="by").content.decode()
    assert "劝离摊贩" not in page_of(city.staff["other_secretary"], "orders").content.decode()


def test_the_order_moves_from_tab_to_tab(city, lead, secretary, crew):
    order = called(city, lead, secretary)

    def tabs():
        names = ("to_arrive", "at_work", "to_judge", "ended")
        return [tab for tab in names if "劝离摊贩" in page_of(secretary, "orders", tab=tab).content.decode()]

    assert tabs() == ["to_arrive"]
    note_arrival(order.pk, names="杨帆", by=Actor.staff(crew), now=LATER)
    assert tabs() == ["at_work"]
    report(order.pk, text="已劝离", by=Actor.staff(crew), now=LATER)
    assert tabs() == ["to_judge"]
    order.refresh_from_db()
    assert take(secretary, order, "close_spot").status_code == 302
    assert tabs() == ["ended"]


def test_the_department_cannot_enter_a_time_the_caller_can(city, lead, secretary, crew):
    order = called(city, lead, secretary)
    number = lead.case.number
    assert 'name="arrived_at"' not in page_of(crew, "case", number, do="arrive", wo=order.pk).content.decode()
    assert 'name="arrived_at"' in page_of(secretary, "case", number, do="arrive", wo=order.pk).content.decode()
    assert take(secretary, order, "arrive", names="杨帆", arrived_at="nonsense").status_code == 422
    assert take(crew, order, "arrive", names="杨帆、李强").status_code == 302


def test_the_sheet_is_printed_with_task_place_and_who_came(city, lead, secretary, crew):
    order = called(city, lead, secretary)
    note_arrival(order.pk, names="杨帆", by=Actor.staff(crew), now=LATER)
    sheet = SpotOrder.objects.get()
    for user in (secretary, crew):
        page = page_of(user, "spot_order", sheet.pk).content.decode()
        assert all(part in page for part in ("劝离摊贩", "西广场", "杨帆", city.enforcement[0][0].name))
    assert page_of(city.staff["other_secretary"], "spot_order", sheet.pk).status_code == 404


def test_a_community_reads_the_entry_before_it_refuses(city, lead, secretary):
    page = page_of(secretary, "case", lead.case.number, do="refuse_entry").content.decode()
    assert "T01" in page


@pytest.mark.parametrize(
    "query", [{"side": "\x00", "tab": "x" * 500}, {"cursor": "garbage"}, {"tab": "ended", "cursor": "e30="}]
)
def test_nonsense_in_the_address_of_the_list_is_no_error(city, lead, secretary, query):
    assert page_of(secretary, "orders", **query).status_code < 500


@pytest.mark.parametrize("wanted", ["abc", "-1", "999999999999999999999", "\x00"])
def test_nonsense_for_a_work_order_shows_the_own_one(city, lead, secretary, wanted):
    page = page_of(secretary, "case", lead.case.number, wo=wanted)
    assert page.status_code == 200
    assert "do=add_co" in page.content.decode()

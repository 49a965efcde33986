"""The dispatch desk, and the list of all cases."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dispatch.models import Decision, WorkOrder
from dispatch.services import dispatch_awaiting
from dispatch.tests.desks import client_of, dispatched, page_of
from dispatch.tests.world import SYSTEM, make_world, new_case
from dutylist.models import ItemVersion
from intake.models import Case

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def dispatcher(city):
    return city.staff["district_dispatcher"]


def waiting(city, count=1, **given):
    """Register cases that need a person: without an item unless told otherwise."""
    cases = [new_case(city, now=timezone.now(), **({"item": ""} | given)) for _ in range(count)]
    dispatch_awaiting(by=SYSTEM, now=timezone.now())
    return cases


def send(user, case, *, language="en", **given):
    return client_of(user, language).post(reverse("dispatch:dispatch", args=[case.pk]), given)


def text_of(response) -> str:
    return response.content.decode()


class TestTheDoor:
    def test_leads_to_log_in_without_a_user(self):
        assert page_of(None, "unmatched").url.startswith(reverse("login"))

    def test_says_which_role_it_takes(self, city):
        for name in ("community_secretary", "agent", "root"):
            response = page_of(city.staff[name], "unmatched", language="en")
            assert response.status_code == 403
        assert "Dispatch cases" in text_of(response)

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_opens_in_both_languages(self, city, dispatcher, language):
        waiting(city, 2)
        assert page_of(dispatcher, "unmatched", language=language).status_code == 200


class TestTheDesk:
    def test_lists_what_needs_a_person_in_ones_own_district(self, city, dispatcher):
        here = waiting(city)[0]
        there = waiting(city, area=city.communities[1][0][0].code)[0]
        dispatched(city, 1, now=timezone.now())
        assert [case.pk for case in page_of(dispatcher, "unmatched").context["waiting"].cases] == [here.pk]
        both = page_of(city.staff["city_dispatcher"], "unmatched").context["waiting"].cases
        assert {case.pk for case in both} == {here.pk, there.pk}

    def test_says_why_a_person_is_needed(self, city, dispatcher):
        waiting(city)
        assert "No duty item chosen" in text_of(page_of(dispatcher, "unmatched", language="en"))

    def test_says_what_to_do_when_nothing_waits(self, city, dispatcher):
        assert "No case waits" in text_of(page_of(dispatcher, "unmatched", language="en"))

    def test_proposes_items_with_the_unit_of_the_list(self, city, dispatcher):
        waiting(city, content="楼道堆物没人管")
        first = page_of(dispatcher, "unmatched").context["candidates"][0]
        assert first.item.code == "T01"
        assert first.unit == city.stations[0][0][0]
        assert first.reason is None

    def test_gives_the_limit_in_the_readers_language(self, city, dispatcher):
        waiting(city, content="楼道堆物没人管")
        assert "5 工作日" in text_of(page_of(dispatcher, "unmatched"))
        assert "5 working days" in text_of(page_of(dispatcher, "unmatched", language="en"))

    def test_shows_a_script_as_text_even_where_words_are_marked(self, city, dispatcher):
        waiting(city, content=f"楼道堆物 {SCRIPT}", title=SCRIPT)
        text = text_of(page_of(dispatcher, "unmatched"))
        assert SCRIPT not in text
        assert "<mark>楼道堆物</mark>" in text

    def test_costs_the_same_for_3_and_30_cases(self, city, dispatcher):
        counts = []
        client = client_of(dispatcher)
        for more in (3, 27):
            waiting(city, more)
            client.get(reverse("dispatch:unmatched"))
            with CaptureQueriesContext(connection) as queries:
                response = client.get(reverse("dispatch:unmatched"))
            counts.append((len(response.context["waiting"].cases), len(queries)))
        assert [rows for rows, _ in counts] == [3, 30]
        assert counts[0][1] == counts[1][1] <= 17

    def test_finds_items_by_other_words(self, city, dispatcher):
        case = waiting(city)[0]
        response = page_of(dispatcher, "candidates", case.pk, q="路灯")
        assert [one.item.code for one in response.context["candidates"]][0] == "T02"
        assert city.bureaus[0]["urban_management"].name in text_of(response)

    def test_finds_units_by_a_part_of_the_name_in_ones_own_tree_only(self, city, dispatcher):
        found = page_of(dispatcher, "units", unit_name="水务局").context["units"]
        assert [unit.pk for unit in found] == [city.bureaus[0]["water"].pk]

    def test_hides_the_searches_of_foreign_cases(self, city, dispatcher):
        there = waiting(city, area=city.communities[1][0][0].code)[0]
        assert page_of(dispatcher, "candidates", there.pk, q="路灯").status_code == 404


class TestDispatching:
    def test_sends_the_case_and_shows_the_next(self, city, dispatcher):
        case, following = waiting(city, 2)
        unit = city.bureaus[0]["water"]
        item = ItemVersion.objects.get(pk=city.items["T01"]).item_id
        response = send(dispatcher, case, unit_id=unit.pk, item_id=item, note="水管破裂")
        assert response.url == reverse("dispatch:unmatched")
        order = WorkOrder.objects.get(case=case)
        assert (order.unit, order.decision.note) == (unit, "水管破裂")
        assert Case.objects.get(pk=case.pk).item_id == item
        assert page_of(dispatcher, "unmatched").context["chosen"].pk == following.pk

    def test_says_that_a_unit_is_missing_and_keeps_the_note(self, city, dispatcher):
        case = waiting(city)[0]
        response = send(dispatcher, case, note="记住这句")
        assert response.status_code == 422
        assert "unit_id" in response.context["form"].errors
        assert "记住这句" in text_of(response)
        assert not WorkOrder.objects.exists()

    def test_refuses_a_unit_of_another_district_at_the_field(self, city, dispatcher):
        case = waiting(city)[0]
        response = send(dispatcher, case, unit_id=city.bureaus[1]["water"].pk, note="记住这句")
        assert response.status_code == 400
        assert "unit_id" in response.context["form"].errors
        assert "记住这句" in text_of(response)
        assert city.bureaus[1]["water"].name not in response.context["picked_unit"]

    def test_is_not_possible_in_another_district(self, city, dispatcher):
        there = waiting(city, area=city.communities[1][0][0].code)[0]
        assert send(dispatcher, there, unit_id=city.bureaus[0]["water"].pk).status_code == 404

    def test_twice_finds_nothing_waiting(self, city, dispatcher):
        case = waiting(city)[0]
        given = {"unit_id": city.bureaus[0]["water"].pk}
        assert send(dispatcher, case, **given).status_code == 302
        assert send(dispatcher, case, **given).status_code == 404
        assert WorkOrder.objects.count() == 1

    def test_can_be_left_to_the_machine_again(self, city, dispatcher):
        case = waiting(city)[0]
        Case.objects.filter(pk=case.pk).update(
            item=ItemVersion.objects.get(pk=city.items["T01"]).item_id, item_version=city.items["T01"]
        )
        client_of(dispatcher).post(reverse("dispatch:reconsider", args=[case.pk]))
        dispatch_awaiting(by=SYSTEM, now=timezone.now())
        assert Decision.objects.filter(case=case).order_by("-id").first().unit == city.stations[0][0][0]


class TestAllCases:
    def test_leads_to_log_in_without_a_user(self):
        assert page_of(None, "cases").url.startswith(reverse("login"))

    def test_is_closed_to_somebody_without_a_role(self, city):
        assert page_of(city.staff["nobody"], "cases").status_code == 403

    def test_holds_ones_own_territory_only(self, city):
        dispatched(city, 2, now=timezone.now())
        assert len(page_of(city.staff["community_secretary"], "cases").context["page"].rows) == 2
        assert len(page_of(city.staff["other_secretary"], "cases").context["page"].rows) == 0
        assert len(page_of(city.staff["leader"], "cases").context["page"].rows) == 2

    def test_costs_the_same_for_3_and_30_rows(self, city):
        counts = []
        client = client_of(city.staff["leader"])
        for more in (3, 27):
            dispatched(city, more, now=timezone.now())
            client.get(reverse("dispatch:cases"))
            with CaptureQueriesContext(connection) as queries:
                response = client.get(reverse("dispatch:cases"))
            counts.append((len(response.context["page"].rows), len(queries)))
        assert [rows for rows, _ in counts] == [3, 30]
        assert counts[0][1] == counts[1][1] <= 12

    def test_can_be_narrowed(self, city):
        one = dispatched(city, 1, now=timezone.now(), title="找我")[0].case
        dispatched(city, 1, now=timezone.now(), area=city.communities[1][0][0].code, item="T02")
        today = timezone.localdate().isoformat()
        for query in (
            {"q": "找我"},
            {"q": one.number[-6:]},
            {"area": city.districts[0].pk},
            {"item": "堆物"},
            {"area": city.districts[0].pk, "state": "in_handling", "since": today, "until": today},
        ):
            rows = page_of(city.staff["leader"], "cases", **query).context["page"].rows
            assert [row.pk for row in rows] == [one.pk], query
        assert page_of(city.staff["leader"], "cases", until="2020-01-01").context["page"].rows == []

    def test_offers_areas_in_sight_only(self, city):
        response = page_of(city.staff["community_secretary"], "cases", area=city.districts[1].pk)
        assert response.status_code == 200
        assert response.context["page"].rows == []

    def test_exports_what_is_shown_as_text(self, city):
        dispatched(city, 1, now=timezone.now(), title="=1+1")
        dispatched(city, 1, now=timezone.now(), title="别的")
        response = page_of(city.staff["leader"], "cases", q="=1+1", export="xlsx", language="en")
        rows = (
            CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
            .get_sheet_by_index(0)
            .to_python()
        )
        assert len(rows) == 2
        line = dict(zip(rows[0], rows[1], strict=True))
        assert line["Number"] == Case.objects.get(title="=1+1").number
        assert "=1+1" in rows[1]
        assert city.stations[0][0][0].name in rows[1]

    def test_shows_a_script_as_text(self, city):
        dispatched(city, 1, now=timezone.now(), title=SCRIPT)
        assert SCRIPT not in text_of(page_of(city.staff["leader"], "cases"))

"""The parts of a batch's page that tell of cases, and the desk where a dispatcher decides case by case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dispatch.models import BatchReplay, FollowUp, WorkOrder
from dispatch.selectors import get_batch_cases
from dispatch.selectors.list_changes import count_open_cases
from dispatch.services import count_cases, run_replay
from dispatch.tests.changes import change, dispatched, lead, open_batch, row, the_row, transfer
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.models import BatchPreview
from dutylist.services import NewLine
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def city():
    return make_world()


def signed_in(client, person):
    client.force_login(person)
    return client


def manager(city):
    return Actor.staff(city.staff["duty_manager"])


class TestOpenCases:
    def test_are_counted_by_district_unit_and_line(self, city):
        for n in range(2):
            dispatched(city, phone=f"1380013810{n}")
        dispatched(city, phone="13800138102", area=city.communities[1][0][0].code)
        new_case(city, phone="13800138103", item="T02")
        found = count_open_cases(open_batch(city, transfer(city, "keep")), TODAY)
        assert (found["cases"], found["moved"]) == (3, 3)
        assert [(area["name"], area["cases"]) for area in found["by_area"]] == [("龙华区", 2), ("坪山区", 1)]
        assert found["by_unit"][0] == {
            "unit": city.stations[0][0][0].pk,
            "name": city.stations[0][0][0].name,
            "cases": 2,
        }
        assert found["by_line"] == {"T01": 3}

    def test_those_awaiting_dispatch_count_and_closed_ones_do_not(self, city):
        new_case(city)
        closed = dispatched(city, phone="13800138104")
        WorkOrder.objects.filter(case=closed).update(state="done")
        Case.objects.filter(pk=closed.pk).update(state="closed")
        found = count_open_cases(open_batch(city, transfer(city, "keep")), TODAY)
        assert found["cases"] == 1

    def test_a_change_of_other_fields_moves_none(self, city):
        dispatched(city)
        line = NewLine(kind="change", code="T01", changes={"criteria": "新"})
        found = count_open_cases(open_batch(city, line), TODAY)
        assert (found["cases"], found["moved"]) == (1, 0)

    def test_an_overlay_counts_its_own_area(self, city):
        dispatched(city)
        dispatched(city, phone="13800138102", area=city.communities[1][0][0].code)
        line = NewLine(kind="add", code="T01-LH", narrows="T01", changes={"rows": [
            row(city.communities[0][0][0], city.bureaus[0]["water"])]})  # fmt: skip
        found = count_open_cases(open_batch(city, line, area=city.districts[0]), TODAY)
        assert (found["cases"], found["moved"], found["by_line"]) == (1, 1, {"T01-LH": 1})
        assert found["by_area"][0]["name"] == city.streets[0][0].short_name

    def test_a_reader_of_one_district_reads_that_district_only(self, city):
        dispatched(city)
        dispatched(city, phone="13800138102", area=city.communities[1][0][0].code)
        batch = open_batch(city, transfer(city, "keep"))
        count_cases(batch.pk, by=manager(city), now=NOON)
        found = get_batch_cases(batch, city.staff["district_dispatcher"])
        assert found.cases == 1
        assert [area["name"] for area in found.by_area] == ["龙华区"]
        assert [unit["name"] for unit in found.by_unit] == [city.stations[0][0][0].name]
        assert found.moved == 0

    def test_cost_does_not_grow_with_the_cases(self, city):
        batch = open_batch(city, transfer(city, "keep"), NewLine(kind="retire", code="T02"))
        counts = []
        for n in range(5):
            dispatched(city, phone=f"1380013810{n}", item="T01" if n % 2 else "T02")
            with CaptureQueriesContext(connection) as queries:
                count_open_cases(batch, TODAY)
            counts.append(len(queries))
        assert max(counts) == counts[0], counts

    def test_are_counted_only_by_those_who_work_on_the_list(self, city):
        batch = open_batch(city, transfer(city, "keep"))
        with pytest.raises(NotAllowed):
            count_cases(batch.pk, by=Actor.staff(city.staff["supervisor"]), now=NOON)
        with pytest.raises(OutOfSight):
            count_cases(batch.pk, by=Actor.staff(city.staff["district_reviewer"]), now=NOON)


class TestFragments:
    @pytest.fixture
    def batch(self, city):
        dispatched(city)
        return open_batch(city, transfer(city, "redispatch"))

    def test_cases_ask_to_be_counted_then_show_the_figures(self, city, client, batch):
        address = reverse("dispatch:batch_cases", args=[batch.pk])
        signed_in(client, city.staff["duty_manager"])
        assert f'hx-post="{address}"' in client.get(address).content.decode()
        assert not BatchPreview.objects.exists()
        assert "龙华区" in client.post(address).content.decode()
        assert BatchPreview.objects.get(batch=batch).kind == "cases"
        assert "龙华区" in client.get(address).content.decode()

    def test_replay_is_asked_for_polled_and_shown(self, city, client, batch):
        address = reverse("dispatch:batch_replay", args=[batch.pk])
        signed_in(client, city.staff["duty_manager"])
        assert "hx-trigger" not in client.get(address).content.decode().split("<link")[0]
        asked = client.post(address, {"period": "90"})
        assert 'hx-trigger="load delay:1s"' in asked.content.decode()
        assert BatchReplay.objects.get(batch=batch).state == "asked"
        run_replay(by=SYSTEM, now=NOON)
        assert "hx-trigger" not in client.get(address).content.decode().split("<link")[0]

    @pytest.mark.parametrize(
        "sent",
        [{}, {"period": "7"}, {"period": "days"}, {"period": "days", "first": "2018-13-01", "last": "x"},
         {"period": "days", "first": "2018-02-01", "last": "2018-01-01"}],
    )  # fmt: skip
    def test_days_that_make_no_sense_are_said_and_nothing_is_asked_for(self, city, client, batch, sent):
        answer = signed_in(client, city.staff["duty_manager"]).post(
            reverse("dispatch:batch_replay", args=[batch.pk]), sent
        )
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert not BatchReplay.objects.exists()

    def test_a_line_tells_its_open_cases(self, city, client, batch):
        address = reverse("dispatch:line_cases", args=[batch.lines.get().pk])
        page = signed_in(client, city.staff["duty_manager"]).get(address).content.decode()
        assert f"{city.stations[0][0][0].name} 1" in page

    def test_a_published_batch_tells_what_became_of_the_cases(self, city, client):
        dispatched(city)
        batch = change(city, transfer(city, "redispatch"))
        page = signed_in(client, city.staff["duty_manager"]).get(reverse("dispatch:batch_cases", args=[batch.pk]))
        assert "1 / 1" in page.content.decode()

    def test_no_other_district_reads_them(self, city, client, batch):
        other = grant(make_staff("elsewhere", city.centres[1]), "duty_manager", city.centres[1])
        signed_in(client, other)
        for name, pk in (("batch_cases", batch.pk), ("batch_replay", batch.pk), ("line_cases", batch.lines.get().pk)):
            assert client.get(reverse(f"dispatch:{name}", args=[pk])).status_code == 404

    def test_whoever_holds_no_act_of_the_list_reads_why(self, city, client, batch):
        signed_in(client, city.staff["city_dispatcher"])
        assert client.get(reverse("dispatch:batch_cases", args=[batch.pk])).status_code == 403


class TestDesk:
    @pytest.fixture
    def asked(self, city):
        case = dispatched(city)
        change(city, transfer(city, "ask"))
        return the_row(case)

    def test_shows_what_waits_and_takes_the_answer(self, city, client, asked):
        signed_in(client, city.staff["district_dispatcher"])
        assert asked.case.number in client.get(reverse("dispatch:follow_ups")).content.decode()
        answer = client.post(reverse("dispatch:decide_follow_up", args=[asked.pk]), {"choice": "redispatch"})
        assert answer.status_code == 302
        assert lead(asked.case).unit == city.bureaus[0]["urban_management"]
        client.get(reverse("dispatch:follow_ups"))  # says what was done
        assert asked.case.number not in client.get(reverse("dispatch:follow_ups")).content.decode()

    def test_a_wrong_answer_is_said_and_changes_nothing(self, city, client, asked):
        signed_in(client, city.staff["district_dispatcher"])
        client.post(reverse("dispatch:decide_follow_up", args=[asked.pk]), {"choice": "x"})
        asked.refresh_from_db()
        assert asked.state == "asked"

    def test_another_district_neither_sees_nor_decides(self, city, client, asked):
        other = grant(make_staff("elsewhere", city.centres[1]), "district_dispatcher", city.centres[1])
        signed_in(client, other)
        assert asked.case.number not in client.get(reverse("dispatch:follow_ups")).content.decode()
        answer = client.post(reverse("dispatch:decide_follow_up", args=[asked.pk]), {"choice": "keep"})
        assert answer.status_code == 404
        assert FollowUp.objects.get(pk=asked.pk).state == "asked"

    def test_costs_the_same_for_many_rows(self, city, client, django_assert_max_num_queries):
        for n in range(6):
            dispatched(city, phone=f"1380013820{n}")
        change(city, transfer(city, "ask"))
        signed_in(client, city.staff["district_dispatcher"])
        client.get(reverse("dispatch:follow_ups"))
        with django_assert_max_num_queries(7):
            client.get(reverse("dispatch:follow_ups"))

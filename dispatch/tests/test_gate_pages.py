"""The page of the gate, and the weekly report: figures counted by hand, narrowed to one's territory."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from dispatch.choices import Evidence, ItemBasis
from dispatch.gate.weekly import monday_of
from dispatch.models import DispatchWeek, GateCell, GateOutcome, GateSwitch
from dispatch.services import make_weeks, refresh_weeks
from dispatch.tests.desks import dispatched
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.models import ItemVersion
from grid.tests.factories import grant, make_staff

pytestmark = pytest.mark.django_db
MONDAY = monday_of(NOON.date())


@pytest.fixture
def city():
    city = make_world()
    for name, unit in (("manager", city.centre), ("district_manager", city.centres[1])):
        city.staff[name] = grant(make_staff(name, unit), "dispatch_manager", unit)
    return city


def outcome(city, case, **given):
    version = ItemVersion.objects.select_related("item").get(item__code="T01")
    data = {
        "case": case, "evidence": Evidence.CONFIRMED, "basis": ItemBasis.SUGGESTED, "area": case.area,
        "said_item": version.item, "said_version": version, "is_right": True, "rank": 1, "at": NOON, "by": "test",
    }  # fmt: skip
    return GateOutcome.objects.create(**data | given)


class TestTheWeek:
    def test_adds_up_to_what_was_counted_by_hand(self, city):
        first, second = dispatched(city, 2, now=NOON)  # both by the machine, the second one comes back
        second.state = "returned"
        second.save(update_fields=["state"])
        outcome(city, new_case(city, item=""), rank=1, confidence=0.95)
        outcome(city, new_case(city, item=""), rank=4, is_right=False, confidence=0.95)
        outcome(city, new_case(city, item=""), rank=0, is_right=False, evidence=Evidence.AUDITED)
        outcome(city, new_case(city, item=""), rank=None, evidence=Evidence.AGENT)
        make_weeks(MONDAY, MONDAY, now=NOON)
        figures = DispatchWeek.objects.get(area=city.city).figures
        assert figures["first_right"] == [1, 2]
        assert figures["automatic"] == [2, 2]
        assert figures["automatic_kept"] == [1, 2]
        assert figures["unseen"] == [1, 2]  # the second one was the second of its item at the place
        assert (figures["top1"], figures["top3"], figures["top5"]) == ([1, 3], [1, 3], [2, 3])
        assert (figures["audited_right"], figures["agent_took"]) == ([0, 1], [1, 1])
        assert figures["units"] == [[second.unit_id, 1, 2]]
        assert figures["buckets"] == [[9, 1, 2]]
        assert DispatchWeek.objects.get(area=city.districts[0]).figures["first_right"] == [1, 2]
        assert not DispatchWeek.objects.filter(area=city.districts[1]).exists()

    def test_what_lies_outside_the_week_is_not_counted(self, city):
        dispatched(city, 1, now=NOON - timedelta(days=7))
        make_weeks(MONDAY, MONDAY, now=NOON)
        assert "automatic" not in DispatchWeek.objects.get(area=city.city).figures

    def test_is_made_once_a_day_and_again_the_next_one(self, city):
        assert refresh_weeks(by=SYSTEM, now=NOON) == 6
        assert refresh_weeks(by=SYSTEM, now=NOON + timedelta(hours=3)) == 0
        assert refresh_weeks(by=SYSTEM, now=NOON + timedelta(days=1)) == 6
        assert DispatchWeek.objects.filter(area=city.city).count() == 6

    def test_is_printed_by_the_command(self, city, capsys):
        call_command("dispatch_report", weeks=2)
        assert capsys.readouterr().out.count("first_right") == 2


class TestTheReport:
    def test_shows_one_s_territory_only(self, city, client):
        dispatched(city, 1, now=NOON)
        make_weeks(MONDAY, MONDAY, now=NOON)
        client.force_login(city.staff["manager"])
        page = client.get(reverse("dispatch:report")).content.decode()
        assert "100.0" in page
        assert "深圳市" in page
        client.force_login(city.staff["district_manager"])
        page = client.get(reverse("dispatch:report"), {"area": city.city.pk}).content.decode()
        assert "100.0" not in page

    @pytest.mark.parametrize(
        "given", [{"area": "x"}, {"week": "\x00"}, {"area": "9" * 40}, {"week": "\ud800".encode("utf-8", "ignore")}]
    )
    def test_takes_what_makes_no_sense_as_not_given(self, city, client, given):
        client.force_login(city.staff["manager"])
        assert client.get(reverse("dispatch:report"), given).status_code == 200


class TestTheGatePage:
    def test_shows_what_was_earned_and_why_it_is_shut(self, city, client):
        version = ItemVersion.objects.select_related("item").get(item__code="T01")
        GateCell.objects.create(
            item=version.item, version=version, basis="suggested", area=city.communities[0][0][0], cases=20, hits=13,
            bound=0.46, state="shut", reason="return", wait=4, changed_at=NOON, last_at=NOON,
        )  # fmt: skip
        client.force_login(city.staff["manager"])
        page = client.get(reverse("dispatch:gate")).content.decode()
        assert "楼道堆物" in page
        assert "13 / 20" in page
        client.force_login(city.staff["district_manager"])
        assert "楼道堆物" not in client.get(reverse("dispatch:gate")).content.decode()

    def test_exports_what_it_shows(self, city, client):
        client.force_login(city.staff["manager"])
        assert client.get(reverse("dispatch:gate"), {"export": "xlsx"}).status_code == 200

    def test_the_switch_keeps_what_was_typed_when_it_is_refused(self, city, client):
        client.force_login(city.staff["manager"])
        answer = client.post(reverse("dispatch:gate_switch"), {"is_on": "1", "reason": "再开一次"})
        assert answer.status_code == 422
        assert "再开一次" in answer.content.decode()
        assert not GateSwitch.objects.exists()
        assert client.post(reverse("dispatch:gate_switch"), {"is_on": "0", "reason": "先停"}).status_code == 302
        assert "先停" in client.get(reverse("dispatch:gate")).content.decode()

    @pytest.mark.parametrize(
        "sent",
        [{}, {"is_on": "2", "reason": "x"}, {"is_on": "0", "reason": "\x00"}, {"is_on": "0", "reason": "长" * 301}],
    )
    def test_the_switch_refuses_nonsense(self, city, client, sent):
        client.force_login(city.staff["manager"])
        assert client.post(reverse("dispatch:gate_switch"), sent).status_code == 422

    def test_a_district_does_not_turn_the_switch_of_the_city(self, city, client):
        client.force_login(city.staff["district_manager"])
        assert client.post(reverse("dispatch:gate_switch"), {"is_on": "0", "reason": "停"}).status_code == 403

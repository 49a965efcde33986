"""What the switch alone left on the desk is decided again, once it is on, in portions and only at one's own desks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dispatch.choices import NeedsPerson
from dispatch.models import Decision, GateSwitch, WorkOrder
from dispatch.services import claim_case, decide_again, deciding_again, dispatch_awaiting
from dispatch.tests.desks import client_of, page_of
from dispatch.tests.world import SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def city(now):
    """Three cases that the switch sent to the desk, and one without an item; the switch is on again."""
    city = make_world()
    city.other = new_case(city, item="", phone="13800138009")
    dispatch_awaiting(by=SYSTEM, now=now)
    GateSwitch.objects.create(is_on=False, at=now, by="test", reason="名单有误")
    city.cases = [new_case(city, phone=f"1380013800{n}") for n in range(3)]
    dispatch_awaiting(by=SYSTEM, now=now)
    GateSwitch.objects.create(is_on=True, at=now, by="test", reason="已更正")
    return city


def whys(city) -> list[str]:
    return [Decision.objects.filter(case=case).latest("id").needs_person for case in city.cases]


def test_the_machine_looks_again_and_says_why(city, now):
    assert whys(city) == [NeedsPerson.SWITCHED_OFF] * 3
    by = Actor.staff(city.staff["city_dispatcher"])
    assert decide_again(by=by, now=now) == 3
    dispatch_awaiting(by=SYSTEM, now=now)
    assert NeedsPerson.SWITCHED_OFF not in whys(city)
    assert WorkOrder.objects.filter(case__in=city.cases).count() == sum(why == "" for why in whys(city)) > 0
    assert AuditEntry.objects.filter(action="case.reconsidered", actor_name=by.name).count() == 3
    city.other.refresh_from_db()
    assert city.other.awaits_person
    assert decide_again(by=by, now=now) == 0


def test_it_is_done_in_portions(city, now, monkeypatch):
    monkeypatch.setattr(deciding_again, "PORTION", 1)
    monkeypatch.setattr(deciding_again, "PORTIONS", 2)
    by = Actor.staff(city.staff["city_dispatcher"])
    assert [decide_again(by=by, now=now) for _press in range(3)] == [2, 1, 0]


def test_while_it_is_off_nothing_is_decided_again_and_nobody_else_may(city, now):
    GateSwitch.objects.create(is_on=False, at=now, by="test", reason="再停")
    with pytest.raises(deciding_again.SwitchedOff):
        decide_again(by=Actor.staff(city.staff["city_dispatcher"]), now=now)
    with pytest.raises(NotAllowed):
        decide_again(by=Actor.staff(city.staff["community_secretary"]), now=now)


def test_what_lies_before_another_dispatcher_and_other_districts_stay(city, now):
    claim_case(city.cases[0].pk, by=Actor.staff(city.staff["district_dispatcher"]), now=now)
    far = grant(make_staff("far_dispatcher"), "district_dispatcher", city.centres[1])
    assert decide_again(by=Actor.staff(far), now=now) == 0
    assert decide_again(by=Actor.staff(city.staff["city_dispatcher"]), now=now + timedelta(seconds=1)) == 2


def test_the_desk_offers_it_only_when_it_would_help(city, now):
    dispatcher = city.staff["city_dispatcher"]
    assert "Decide again" in page_of(dispatcher, "unmatched", language="en").content.decode()
    answer = client_of(dispatcher, "en").post(reverse("dispatch:again"))
    assert answer.status_code == 302
    assert "Decide again" not in page_of(dispatcher, "unmatched", language="en").content.decode()


def test_it_is_not_offered_while_the_switch_is_off(city, now):
    GateSwitch.objects.create(is_on=False, at=now, by="test", reason="再停")
    page = page_of(city.staff["city_dispatcher"], "unmatched", language="en").content.decode()
    assert "Decide again" not in page

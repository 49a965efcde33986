"""What the tests of disputes begin with: a lamp that two bureaus give back, one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from types import SimpleNamespace

from django.core.management import call_command

from dispatch.models import Docket, WorkOrder
from dispatch.services import ask, decide_request, dispatch_awaiting, dispatch_by_hand
from dispatch.tests.requests import load_request_reasons_of_the_file
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.remembered import remembered

LATER = NOON + timedelta(hours=1)


@remembered
def make_dispute_world() -> SimpleNamespace:
    """Make the city with somebody at the water bureau of the first district, and two adjudicators at the city centre.

    `urban`, `water`: the two bureaus; `by`: actors by name.
    """
    load_request_reasons_of_the_file()
    call_command("load_message_templates", stdout=StringIO())
    city = make_world()
    city.urban, city.water = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
    city.staff["water_handler"] = grant(make_staff("water_handler", city.water), "handler", city.water)
    for name in ("adjudicator", "second_adjudicator"):
        city.staff[name] = grant(make_staff(name, city.centre), "adjudicator", city.centre)
    city.by = SimpleNamespace(**{name: Actor.staff(user) for name, user in city.staff.items()})
    return city


def lamp_case(city, *, now: datetime = NOON, **given):
    """Register a case about a lamp, which the list gives to the urban management bureau, and dispatch it."""
    case = new_case(city, now=now, content="红山路路灯不亮，灯杆进水。", item="T02", **given)
    dispatch_awaiting(by=SYSTEM, now=now)
    return case


def active(case) -> WorkOrder:
    """Return the work order that somebody must act on."""
    return WorkOrder.objects.active().select_related("unit", "decision", "case").get(case=case, role="lead")


def give_back(city, case, *, by: Actor, agreed: bool = True, now: datetime = LATER, **value):
    """Ask to return the active work order of a case, and decide it at the district centre."""
    request = ask(active(case).pk, kind="return", reason="灯杆由水务管线引起，不归我局", value=value, by=by, now=now)
    decider = city.by.district_dispatcher
    return decide_request(request.pk, agreed=agreed, opinion="情况属实", by=decider, now=now + timedelta(minutes=10))


def send_to(city, case, unit, *, now: datetime = LATER + timedelta(minutes=20)) -> WorkOrder:
    """Send a waiting case to a unit by hand."""
    return dispatch_by_hand(case.pk, unit_id=unit.pk, note="退回单位建议", by=city.by.city_dispatcher, now=now)


def disputed_case(city, *, now: datetime = LATER):
    """Return a case that both bureaus gave back, with its docket."""
    case = lamp_case(city)
    give_back(city, case, by=city.by.handler, now=now)
    send_to(city, case, city.water, now=now + timedelta(minutes=20))
    give_back(city, case, by=city.by.water_handler, now=now + timedelta(minutes=30))
    case.refresh_from_db()
    return case, Docket.objects.get(case=case)

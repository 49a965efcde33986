"""A small city with a duty list, calendar, time limits and channels: everything a case needs to be dispatched."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from types import SimpleNamespace

from django.core.management import call_command

from dutylist.tests.world import NOON, SYSTEM, enter_items, item_row, make_list
from intake.services import NewCase, register_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import CalendarYear
from shenzhen_gov.core.tests.remembered import remembered

__all__ = ["NOON", "SYSTEM", "enter_items", "item_row", "make_world", "new_case"]


@remembered
def make_world() -> SimpleNamespace:
    """Make the city, and two items: `litter` (communities answer) and `lamp` (a city facility; the bureau answers)."""
    city = make_list()
    commands = ["load_channels", "load_clock_rules", "load_escalation_rules"]
    if not CalendarYear.objects.exists():  # loaded once for all tests; one that empties the tables takes it along
        commands.append("load_calendar")
    for command in commands:
        call_command(command, stdout=StringIO())
    return city


def new_case(city: SimpleNamespace, *, now: datetime = NOON, by: Actor | None = None, **given):
    """Register and accept a case about litter in the first community, unless told otherwise."""
    data = {
        "channel": "hotline",
        "content": "二楼楼道里堆满纸箱，担心失火。",
        "request_type": "help",
        "phone": "13800138000",
        "name": "陈某",
        "area": city.communities[0][0][0].code,
        "item": "T01",
    } | given
    return register_case(NewCase(**data), by=by or Actor.staff(city.staff["agent"]), now=now)

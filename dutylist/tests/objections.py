"""A city with an office for the list at every level, and the way of an objection through it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from dutylist.models import Objection
from dutylist.services import NewObjection, decide_objection, enter_catalogue, raise_objection
from dutylist.tests.world import NOON, SYSTEM, item_row, make_list
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.remembered import remembered

ROUTE = (
    ("duty_reviewer", "support"),
    ("district_manager", "pass_on"),
    ("city_reviewer", "support_at_city"),
    ("duty_manager", "agree"),
)


@remembered
def make_offices() -> SimpleNamespace:
    """The small city with an office for the list at every level; T03 is on the first district's own list."""
    city = make_list()
    enter_catalogue(
        [item_row("T03", "区里的事")], source="sample", owner_area_id=city.districts[0].pk,
        effective_from=date(2018, 1, 1), by=SYSTEM, now=NOON,
    )  # fmt: skip
    places = {
        "district_manager": ("duty_manager", city.centres[0]),
        "city_reviewer": ("duty_reviewer", city.centre),
        "city_editor": ("duty_editor", city.centre),
        "city_unit": ("duty_editor", city.city_bureau),
        "other_reviewer": ("duty_reviewer", city.centres[1]),
        "other_manager": ("duty_manager", city.centres[1]),
    }
    people = {name: grant(make_staff(name, unit), role, unit) for name, (role, unit) in places.items()}
    city.by = {name: Actor.staff(user) for name, user in (city.staff | people).items()}
    city.people = city.staff | people
    return city


def objection_to(city, code="T01", who="duty_editor", files=(), **given) -> Objection:
    """Raise an objection as `who`."""
    data = {"title": "这不归我们", "content": "按三定方案，此事属水务局。", "item_code": code} | given
    return raise_objection(NewObjection(**data), files, by=city.by[who], now=NOON)


def say(city, objection, who, move, opinion="同意所提") -> Objection:
    """Take one step as `who`."""
    return decide_objection(objection.pk, move, opinion, by=city.by[who], now=NOON)


def walk(city, objection) -> Objection:
    """Let a city item's objection be agreed by everybody on its way."""
    for who, move in ROUTE:
        objection = say(city, objection, who, move)
    return objection

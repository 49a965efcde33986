"""What tests of dispatch rules stand on: a city with people who keep rules, drafts, published rules, closed cases."""

from __future__ import annotations

from itertools import count

from dispatch.models import WorkOrder
from dispatch.services import dispatch_awaiting
from dispatch.services.rule_editing import RuleText, create_rule
from dispatch.services.rule_moves import move_rule
from dispatch.services.rule_replays import run_rule_replay
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import DONE
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.remembered import remembered

TODAY = NOON.date()
_phones = count()


@remembered
def make_rule_city():
    """Make the world with an editor and a publisher of the city's rules and of the first and second district's."""
    found = make_world()
    people = (
        ("editor", "rule_editor", found.centre),
        ("publisher", "dispatch_manager", found.centre),
        ("district_editor", "rule_editor", found.centres[0]),
        ("other_publisher", "dispatch_manager", found.centres[1]),
    )
    for name, role, unit in people:
        found.staff[name] = grant(make_staff(name, unit), role, unit)
    return found


def by(city, name):
    return Actor.staff(city.staff[name])


def leaf(field, op, value):
    return {"field": field, "op": op, "value": value}


def contains(*words):
    return {"all": [leaf("text", "contains_any", list(words))]}


def text(condition=None, outcome=None, **given):
    values = {"name": "路灯", "priority": 50, "valid_from": TODAY} | given
    return RuleText(condition=condition or contains("路灯"), outcome=outcome or {"person": "先看一看"}, **values)


def draft(city, *args, area=None, who="editor", code="", **given):
    return create_rule(text(*args, **given), area_id=(area or city.city).pk, code=code, by=by(city, who), now=NOON)


def published(city, *args, now=NOON, **given):
    version = draft(city, *args, **given)
    move_rule(version.pk, "submit", by=by(city, "editor"), now=now)
    run_rule_replay(by=SYSTEM, now=now)
    return move_rule(version.pk, "publish", by=by(city, "publisher"), now=now)


def closed(city, count=1, unit=None, **given):
    """Dispatch and close cases, at `unit` where it is given, else where the list sends them."""
    for _n in range(count):
        case = new_case(city, phone=f"1390000{next(_phones):04d}", **given)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        order = WorkOrder.objects.filter(case=case.pk)
        if not order.exists():
            WorkOrder.objects.create(case_id=case.pk, seq=1, unit=unit, area=case.area, assigned_at=NOON)
        order.update(state=DONE, ended_at=NOON, **({"unit": unit} if unit else {}))
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOON)

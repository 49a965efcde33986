"""What the tests of what comes after closing share: a case closed by its whole chain, hours and days later."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from dispatch.models import WorkOrder
from dispatch.services import approve, dispatch_awaiting, record_contact, report, sign
from dispatch.tests.world import NOON, SYSTEM, new_case
from dispatch.workflow import OPEN_STATES, UNDER_REVIEW
from grid.tests.factories import grant, make_staff
from intake.models import Case
from intake.services import Scores, evaluate_case
from shenzhen_gov.core.actor import Actor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXT = "纸箱已清走，楼道通畅。"


def make_people(city: SimpleNamespace) -> SimpleNamespace:
    """Return the reviewers of every level, a call-back agent and a supervisor, as actors."""
    people = {"secretary": Actor.staff(city.staff["community_secretary"])}
    street, district = city.stations[0][0][0].parent, city.stations[0][0][0].parent.parent
    for name, role, unit in (
        ("street", "reviewer", street),
        ("district", "reviewer", district),
        ("caller", "callback_agent", district.parent),
        ("other_caller", "callback_agent", district.parent),
        ("supervisor", "supervisor", district.parent),
    ):
        staff = make_staff(f"after_{name}", unit=unit)
        grant(staff, role, unit)
        people[name] = Actor.staff(staff)
    return SimpleNamespace(**people)


def closed_case(city, people, *, now: datetime = NOON, text: str = TEXT, **given) -> Case:
    """Register, dispatch, handle and close a case about litter within a day."""
    case = new_case(city, now=now, **given)
    dispatch_awaiting(by=SYSTEM, now=now)
    return close(case, people, now=now + HOUR, text=text)


def close(case: Case, people, *, now: datetime, text: str = TEXT) -> Case:
    """Sign, contact, report and approve the open round of a case, up to the last level."""
    order = WorkOrder.objects.get(case=case, state__in=OPEN_STATES)
    sign(order.pk, by=people.secretary, now=now)
    record_contact(order.pk, way="phone", result="reached", note="已联系", by=people.secretary, now=now)
    report(order.pk, text=text, told_way="phone", by=people.secretary, now=now)
    for reviewer in (people.street, people.district):
        order.refresh_from_db()
        if order.state == UNDER_REVIEW:
            approve(order.pk, by=reviewer, now=now + HOUR)
    case.refresh_from_db()
    return case


def rate(case: Case, overall: int, *, now: datetime, text: str = ""):
    """Let the citizen rate the present round."""
    done = evaluate_case(case.pk, Scores(overall, text=text), via="track", by=Actor.citizen("track"), now=now)
    case.refresh_from_db()
    return done

"""What the tests of the ledger share: six cases of two communities, counted by hand.

First community: four work orders, all signed in time, three citizens contacted in time: 100 % and 75 %.
Second community: two work orders, none signed, none contacted: 0 % and 0 %.
"""

from datetime import date, timedelta
from io import StringIO

from django.core.management import call_command

from analytics.models import ExclusionRequest
from analytics.scheme_files import read_grounds
from analytics.selectors.ledger.live import bases_for, count_ranking
from analytics.services.figures import post
from analytics.services.ledger import (
    NewExclusion,
    SchemeRow,
    ask_exclusion,
    freeze,
    load_grounds,
    load_schemes,
    move_month,
)
from dispatch.models import Clock
from dispatch.services import record_contact, sign
from dispatch.tests.desks import dispatched
from dispatch.tests.world import NOON, SYSTEM, make_world
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

MONTH = NOON.date().replace(day=1)
NEXT = (MONTH + timedelta(days=31)).replace(day=1)
AFTER = NOON.replace(year=NEXT.year, month=NEXT.month, day=15)  # the window of ten days has passed


def scheme(code="communities", **given) -> SchemeRow:
    """Return a scheme of the communities: contact 60, signing 40, ranked from three cases."""
    facts = {
        "name": "各社区考核", "name_en": "Communities", "place": "area", "level": 4, "unit_kind": "",
        "weights": {"contact": 60, "signing": 40}, "counted_by": "contact_due", "minimum": 3, "order": 1,
        "effective_from": date(2018, 1, 1), "source": "test", "is_sample": True,
    }  # fmt: skip
    return SchemeRow(code=code, **(facts | given))


def load_ledger(*schemes: SchemeRow) -> None:
    """Load what the ledger stands on: parameters, indicators, grounds, schemes."""
    for command in ("load_parameters", "load_indicators"):
        call_command(command, verbosity=0, stdout=StringIO())
    load_grounds(read_grounds(), by=SYSTEM, now=NOON)
    load_schemes(schemes or [scheme()], by=SYSTEM, now=NOON)


def ask_for(city, orders, *, files=()) -> ExclusionRequest:
    """Ask for each work order of the first community that its signing does not count; returns the last request."""
    by, request = Actor.staff(city.staff["community_secretary"]), None
    post({order.case_id for order in orders})
    for order in orders:
        given = NewExclusion(order.unit_id, MONTH, order.case.number, "signing", "force_majeure", "台风")
        request = ask_exclusion(given, files=files, by=by, now=NOON)
    return request


def make_ledger(*schemes: SchemeRow):
    """Make the world with its people, cases and schemes."""
    city = make_world()
    load_ledger(*schemes)
    secretary = Actor.staff(city.staff["community_secretary"])
    city.first = dispatched(city, 4, now=NOON)
    city.second = dispatched(city, 2, now=NOON + timedelta(hours=1), area=city.communities[0][0][1].code)
    for number, order in enumerate(city.first):
        at = NOON + timedelta(minutes=30)
        sign(order.pk, by=secretary, now=at)
        if number:
            record_contact(order.pk, way="phone", result="reached", note="已联系", by=secretary, now=at)
    post({order.case_id for order in [*city.first, *city.second]})
    city.staff["assessor"] = grant(make_staff("assessor", city.centre), "assessor", city.centre)
    city.staff["assessor_district"] = grant(make_staff("assessor_d", city.centres[0]), "assessor", city.centres[0])
    city.staff["other_assessor"] = grant(make_staff("assessor_o", city.centres[1]), "assessor", city.centres[1])
    assert Clock.objects.filter(kind="first_contact").count() == 6
    return city


def keeper(city, name="assessor") -> Actor:
    """Return who keeps the assessment."""
    return Actor.staff(city.staff[name])


def live(code="communities"):
    """Return name → score of a scheme, counted now."""
    basis = next(one for one in bases_for(MONTH) if one.code == code)
    return {score.place.name: score for score in count_ranking(basis, MONTH).scores}


def propose_and_freeze(city):
    move_month(MONTH, "propose", by=keeper(city), now=AFTER)
    return freeze(MONTH, by=keeper(city), now=AFTER)


def asking(city, order=None, **given):
    order = order or city.first[0]
    facts = {
        "unit_id": order.unit_id, "month": MONTH, "case_number": order.case.number, "indicator": "contact",
        "ground": "force_majeure", "reason": "台风停工",
    }  # fmt: skip
    return NewExclusion(**(facts | given))


def ask(city, order=None, now=AFTER, **given):
    by = Actor.staff(city.staff["community_secretary"])
    return ask_exclusion(asking(city, order, **given), by=by, now=now)

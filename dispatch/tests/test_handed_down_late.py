"""Who answers for a clock of what was handed down: a case is late once, at the unit that has the work."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from dispatch.models import CircularLine, Escalation, Urge, WorkOrder
from dispatch.selectors.loads import OPEN, OVERDUE, cases_behind
from dispatch.selectors.queue import TABS, count_tabs, get_own_units, of_units
from dispatch.selectors.supervision_desk import Scope, get_figures
from dispatch.selectors.supervision_desk import count_tabs as count_supervised
from dispatch.services import dispatch_by_hand, escalate, hand_down, sign
from dispatch.tests.desks import dispatched
from dispatch.tests.world import SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.kept import forget_all

pytestmark = pytest.mark.django_db
HANDLES = ["view_case", "handle_case", "hand_down"]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def city(now):
    """Forty days ago: one case at the community, one at the sub-centre, one that the sub-centre handed down."""
    city = make_world()
    call_command("load_message_templates", stdout=StringIO())
    forget_all()
    then = now - timedelta(days=40)
    city.office, city.station = city.offices[0][0], city.stations[0][0][0]
    city.staff["office"] = grant(make_staff("office_handler"), HANDLES, city.office)
    (city.own,) = dispatched(city, 1, now=then)
    city.kept, city.passed = (at_office(city, then, phone) for phone in ("13800138011", "13800138012"))
    office = Actor.staff(city.staff["office"])
    sign(city.passed.pk, by=office, now=then + timedelta(hours=1))
    city.child = hand_down(city.passed.pk, unit_id=city.station.pk, by=office, now=then + timedelta(hours=2))
    return city


def at_office(city, now, phone) -> WorkOrder:
    case = new_case(city, now=now, item="", phone=phone)
    by = Actor.staff(city.staff["city_dispatcher"])
    return dispatch_by_hand(case.pk, unit_id=city.office.pk, note="街道统筹", by=by, now=now)


def tabs_of(user, now) -> dict[str, int]:
    return count_tabs(TABS, of_units(get_own_units(user)), now, user)


def test_the_list_and_the_figures_count_three_late_cases_by_hand(city, now):
    """Late: the own case and the handed-down one at the community, the kept one at the sub-centre: 2 + 1 = 3."""
    assert tabs_of(city.staff["community_secretary"], now)["overdue"] == 2
    office = tabs_of(city.staff["office"], now)
    assert (office["overdue"], office["elsewhere"]) == (3, 1)
    supervisor = Scope(city.staff["supervisor"])
    assert count_supervised(supervisor, now)["red"] == 3
    figures = get_figures(supervisor, now)
    assert {line.unit: line.red for line in figures.units} == {city.station: 2, city.office: 1}
    assert [line.red for line in figures.levels if line.red] == [1, 2]
    assert cases_behind(OVERDUE, Case.objects.all(), now).count() == 3
    assert cases_behind(OPEN, Case.objects.all(), now).count() == 3


def test_the_upper_unit_hears_of_it_and_the_lower_one_is_named(city, now):
    after = None
    while (page := escalate(by=SYSTEM, now=now, after=after)).after is not None:
        after = page.after
    case = city.passed.case_id
    notices = Urge.objects.filter(case=case, rule__clock="handling").values_list("unit", flat=True)
    assert set(notices) == {city.station.pk}
    assert [line.unit for line in CircularLine.objects.filter(case=case)] == [city.station]
    told = Escalation.objects.filter(clock__work_order=city.passed, rule__what="message")
    assert told.filter(unit=city.office).exists()

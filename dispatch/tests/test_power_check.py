"""A community is given only what its own list says; otherwise the entry is quoted, and the community sends it back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.models import CaseRequest, WorkOrder
from dispatch.selectors import power_check, quote_entry
from dispatch.services import add_co_handler, dispatch_by_hand, hand_down, refuse_entry, sign
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.services import NewResponsibility, enter_catalogue, set_responsibilities
from dutylist.tests.world import item_row
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


@pytest.fixture
def office(city):
    unit = city.offices[0][0]
    return Actor.staff(grant(make_staff("office", unit), "handler", unit))


def warn_only():
    Parameter.objects.filter(key="power_check.refuses").update(value=False)
    parameters.forget()


def at_the_street(city, office) -> WorkOrder:
    """Return a work order about a street lamp, a matter of the bureau, that the street is handling."""
    case = new_case(city, item="T02")
    by = Actor.staff(city.staff["district_dispatcher"])
    order = dispatch_by_hand(case.pk, unit_id=city.offices[0][0].pk, by=by, now=NOON, note="街道先办")
    sign(order.pk, by=office, now=NOON)
    return order


def at_the_community(city, office) -> WorkOrder:
    """Return that matter handed down to the community all the same, while the check only warns."""
    warn_only()
    order = at_the_street(city, office)
    return hand_down(order.pk, unit_id=city.stations[0][0][0].pk, by=office, now=NOON)


def test_a_matter_of_the_bureau_is_not_handed_down_to_a_community(city, office):
    order = at_the_street(city, office)
    with pytest.raises(BadInput) as refused:
        hand_down(order.pk, unit_id=city.stations[0][0][0].pk, by=office, now=LATER)
    assert refused.value.field == "unit"
    for part in ("路灯不亮", "T02", city.bureaus[0]["urban_management"].name):
        assert part in str(refused.value)
    order.refresh_from_db()
    assert order.state == "handling"


def test_nor_dispatched_to_it_by_hand(city):
    case = new_case(city, item="T02")
    by = Actor.staff(city.staff["city_dispatcher"])
    with pytest.raises(BadInput) as refused:
        dispatch_by_hand(case.pk, unit_id=city.stations[0][0][0].pk, by=by, now=NOON, note="社区先办")
    assert (refused.value.field, "T02" in str(refused.value)) == ("unit", True)
    assert not WorkOrder.objects.exists()


def test_what_its_list_names_it_for_is_given_to_it(city):
    case = new_case(city, item="T01")
    assert power_check(city.stations[0][0][0], case, NOON.date()) is None
    assert power_check(city.stations[0][0][1], case, NOON.date()) is None  # the list names it at its own place
    assert power_check(city.offices[0][0], new_case(city, item="T02"), NOON.date()) is None  # no community


def test_a_co_handler_or_fallback_named_by_the_list_and_a_matter_of_the_level_are_admitted(city):
    since = date(2018, 1, 1)
    rows = [item_row("T03", "油烟扰民"), replace(item_row("T04", "楼道灯"), texts={"duty_level": "community"})]
    versions = enter_catalogue(
        rows, source="sample", owner_area_id=city.city.pk, effective_from=since, by=SYSTEM, now=NOON
    ).version_ids
    bureau, area, station = city.bureaus[0]["urban_management"], city.districts[0], city.stations[0][0][0]
    set_responsibilities(
        [
            NewResponsibility(versions["T03"], area.pk, bureau.pk, co_unit_ids=(station.pk,)),
            NewResponsibility(versions["T04"], area.pk, bureau.pk),
        ],
        by=SYSTEM,
        now=NOON,
    )
    assert power_check(station, new_case(city, item="T03"), NOON.date()) is None
    assert power_check(city.stations[0][0][1], new_case(city, item="T03"), NOON.date()) is not None
    assert power_check(station, new_case(city, item="T04"), NOON.date()) is None


def test_a_case_without_an_item_has_no_entry_to_check_by(city):
    case = new_case(city, item="")
    assert power_check(city.stations[0][0][0], case, NOON.date()) is None


def test_as_a_parameter_the_check_only_warns_and_the_warning_is_kept(city, office):
    child = at_the_community(city, office)
    assert child.unit == city.stations[0][0][0]
    assert "T02" in AuditEntry.objects.get(action="work_order.handed_down").changes["warning"]


def test_the_community_sends_it_back_at_once_with_the_entry_quoted(city, office, secretary):
    child = at_the_community(city, office)
    refuse_entry(child.pk, note="路灯归城管", by=secretary, now=LATER)
    child.refresh_from_db()
    parent = WorkOrder.objects.get(pk=child.parent_id)
    assert (child.state, parent.state) == ("returned", "handling")
    assert not CaseRequest.objects.exists()
    note = AuditEntry.objects.get(action="work_order.entry_refused").note
    assert "T02" in note
    assert "路灯归城管" in note


def test_what_came_from_the_dispatch_goes_back_to_a_dispatcher(city, secretary):
    warn_only()
    case = new_case(city, item="T02")
    by = Actor.staff(city.staff["city_dispatcher"])
    order = dispatch_by_hand(case.pk, unit_id=city.stations[0][0][0].pk, by=by, now=NOON, note="社区先办")
    refuse_entry(order.pk, by=secretary, now=LATER)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.awaits_person) == ("awaiting_dispatch", True)


def test_where_the_list_names_the_community_it_can_only_ask(city, secretary):
    case = new_case(city, item="T01")
    by = Actor.staff(city.staff["city_dispatcher"])
    order = dispatch_by_hand(case.pk, unit_id=city.stations[0][0][0].pk, by=by, now=NOON)
    with pytest.raises(BadInput) as refused:
        refuse_entry(order.pk, by=secretary, now=LATER)
    assert (refused.value.field, "T01" in str(refused.value)) == ("note", True)
    refuse_entry(order.pk, note="不在本辖区", by=secretary, now=LATER)
    order.refresh_from_db()
    assert order.state == "pending_sign"
    assert CaseRequest.objects.get().kind == "return"
    assert quote_entry(order, NOON.date())[1] is True


def test_only_the_community_itself_refuses_and_a_co_handler_not_at_all(city, office, secretary):
    child = at_the_community(city, office)
    with pytest.raises(NotAllowed):
        refuse_entry(child.pk, by=Actor.staff(city.staff["reviewer"]), now=LATER)
    sign(child.pk, by=secretary, now=LATER)
    part = add_co_handler(child.pk, unit_id=city.enforcement[0][0].pk, task="查看", by=secretary, now=LATER)
    crew = Actor.staff(grant(make_staff("crew", part.unit), "handler", part.unit))
    with pytest.raises(IllegalMove):
        refuse_entry(part.pk, by=crew, now=LATER)

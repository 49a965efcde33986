"""Who looks after an estate is offered first when a work order of that estate is handed down."""

import pytest
from django.urls import reverse
from django.utils import timezone

from dispatch.models import WorkOrder
from dispatch.selectors import by_estate, find_units_below, nearest_unit
from dispatch.services import dispatch_awaiting, sign
from dispatch.tests.world import SYSTEM, make_world, new_case
from grid.models import Building, Unit
from grid.services.party import EstateData, keep_estate
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    city = make_world()
    city.now = timezone.now()
    return city


def company(city, name, code=""):
    area = city.communities[0][0][0]
    if code:
        Building.objects.create(code=code, name=code, area=area)
    data = EstateData(area_id=area.pk, name=f"{name}小区", body=name, begins_on=timezone.localdate(), buildings=(code,))
    return keep_estate(None, data, by=SYSTEM, now=city.now).unit


def order_in(city, code=""):
    case = new_case(city, now=city.now)
    dispatch_awaiting(by=SYSTEM, now=city.now)
    type(case).objects.filter(pk=case.pk).update(house_code=code)
    secretary = city.staff["community_secretary"]
    order = WorkOrder.objects.get(case=case)
    sign(order.pk, by=Actor.staff(secretary), now=city.now)
    return secretary, WorkOrder.objects.get(pk=order.pk)


def test_the_company_of_the_building_comes_first_and_another_is_never_proposed(world):
    other, mine = company(world, "甲物业", "4403090020210100001"), company(world, "乙物业", "4403090020210100002")
    user, order = order_in(world, "4403090020210100002000001")
    today = timezone.localdate()
    units, proposed = by_estate(find_units_below(user, order, today), order, today)
    assert units[0] == mine
    assert other in units
    assert other not in proposed
    assert nearest_unit(proposed, order) == mine.pk


def test_a_case_of_no_estate_proposes_no_company(world):
    company(world, "甲物业", "4403090020210100001")
    user, order = order_in(world)
    today = timezone.localdate()
    _units, proposed = by_estate(find_units_below(user, order, today), order, today)
    assert not Unit.objects.filter(kind="company", pk__in=[unit.pk for unit in proposed]).exists()


def test_work_is_handed_to_the_company_of_the_estate(world, client):
    mine = company(world, "甲物业")
    user, order = order_in(world)
    client.force_login(user)
    page = client.get(reverse("dispatch:case", args=[order.case.number]), {"do": "hand_down"})
    assert mine.name in page.content.decode()
    given = {"unit_id": mine.pk, "row_version": order.row_version}
    client.post(reverse("dispatch:act", args=[order.pk, "hand_down"]), given)
    assert WorkOrder.objects.filter(parent=order.pk, unit=mine).exists()

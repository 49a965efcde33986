"""What is told of a building: its cases in sight, newest first, its QR plates, its rentals."""

import pytest
from django.urls import reverse

from dispatch.selectors.place_cases import get_place_cases
from dispatch.tests.world import NOON, make_world, new_case
from grid.choices import BuildingUse
from grid.models import Building
from intake.models import Case
from intake.services import create_plates
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def building(city):
    area = city.communities[0][0][0]
    code = f"{area.code:0<14}00001"
    return Building.objects.create(code=code, name="翠竹苑1栋", area=area, use=BuildingUse.HOUSING)


def case_at(city, code, **given):
    """Register a case and give it a house code, which the short codes of this city would not pass."""
    case = new_case(city, **given)
    Case.objects.filter(pk=case.pk).update(house_code=code)
    return case


@pytest.fixture
def as_(client, city):
    def log_in(name):
        client.force_login(city.staff[name], backend="grid.backends.StaffBackend")
        return client

    return log_in


def test_cases_of_the_building_and_of_its_rooms_are_found_newest_first(city, building):
    first, second = case_at(city, building.code), case_at(city, f"{building.code}000101")
    case_at(city, f"{building.code[:-1]}2")
    new_case(city)
    found = get_place_cases(city.staff["community_secretary"], building.code)
    assert [row.pk for row in found.page.rows] == [second.pk, first.pk]


def test_pages_follow_one_another(city, building):
    cases = [case_at(city, building.code) for _n in range(3)]
    user = city.staff["community_secretary"]
    page = get_place_cases(user, building.code, rows=2).page
    rest = get_place_cases(user, building.code, page.next, rows=2).page
    assert [row.pk for row in page.rows + rest.rows] == [case.pk for case in reversed(cases)]


def test_a_building_elsewhere_is_not_found_and_cases_elsewhere_are_not_shown(city, building, as_):
    case = case_at(city, building.code, area=city.communities[1][0][0].code)
    assert get_place_cases(city.staff["other_secretary"], building.code) is None
    assert get_place_cases(city.staff["nobody"], building.code) is None
    assert get_place_cases(city.staff["community_secretary"], building.code).page.rows == []
    address = reverse("dispatch:place_cases", args=[building.code])
    assert as_("other_secretary").get(address).status_code == 404
    assert case.title not in as_("community_secretary").get(address).content.decode()


@pytest.mark.parametrize("cursor", ["x", "\x00", "a" * 5000])
def test_a_damaged_address_of_a_page_is_a_refusal(building, as_, cursor):
    answer = as_("community_secretary").get(reverse("dispatch:place_cases", args=[building.code]), {"cursor": cursor})
    assert answer.status_code in (400, 422)


def test_the_page_of_the_building_asks_for_its_cases_and_plates(city, building, as_):
    case = case_at(city, building.code)
    client = as_("community_secretary")
    address = reverse("dispatch:place_cases", args=[building.code])
    assert address in client.get(reverse("grid:building", args=[building.code])).content.decode()
    part = client.get(address, headers=HTMX).content.decode()
    assert case.number in part
    assert "<html" not in part
    new_plate = f"{reverse('intake:point_new')}?building={building.code}"
    assert new_plate in part
    assert building.code in client.get(new_plate).content.decode()
    (plate,) = create_plates([building.pk], by=Actor.staff(city.staff["community_secretary"]), now=NOON)
    part = client.get(address, headers=HTMX).content.decode()
    assert f"{reverse('intake:points_print')}?code={plate.code}" in part
    whole = client.get(address).content.decode()
    assert case.number in whole
    assert "<html" in whole


def test_a_point_of_a_building_elsewhere_is_not_filled_in(building, as_):
    page = as_("other_secretary").get(reverse("intake:point_new"), {"building": building.code}).content.decode()
    assert "翠竹苑" not in page

"""QR plates 楼栋码: one for each building in which something is let, made once, leading to the report page."""

import pytest
from django.test import Client
from django.urls import reverse

from grid.tests.rental_world import NOW, make_building, make_rental, make_rental_world
from intake.models import ReportPoint
from intake.services import create_plates
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_rental_world()


@pytest.fixture
def buildings(world):
    return [make_rental(world.cells[0], number).building for number in (1, 2)]


def test_each_building_has_one_plate_however_often_it_is_asked_for(world, buildings):
    by, ids = Actor.staff(world.secretary), [building.pk for building in buildings]
    first = create_plates(ids, by=by, now=NOW)
    again = create_plates([*ids, *ids], by=by, now=NOW)
    assert [point.pk for point in first] == [point.pk for point in again]
    assert [point.house_code for point in first] == [building.code for building in buildings]
    assert first[0].area == world.cells[0]


def test_with_a_building_of_another_territory_none_is_made(world, buildings):
    foreign = make_building(world.city.communities[1][0][0], 3)
    with pytest.raises(OutOfSight):
        create_plates([buildings[0].pk, foreign.pk], by=Actor.staff(world.secretary), now=NOW)
    assert not ReportPoint.objects.exists()


def test_plates_are_for_who_keeps_points(world, buildings):
    with pytest.raises(NotAllowed):
        create_plates([buildings[0].pk], by=Actor.staff(world.officer), now=NOW)


def test_more_than_a_few_sheets_are_refused(world):
    with pytest.raises(BadInput):
        create_plates(range(1, 62), by=Actor.staff(world.secretary), now=NOW)


def test_the_page_leads_to_the_sheets_and_the_code_fills_the_place_in(world, buildings):
    client = Client()
    client.force_login(world.secretary)
    assert buildings[1].name in client.get(reverse("intake:plates")).content.decode()
    answer = client.post(reverse("intake:plates"), {"buildings": [building.pk for building in buildings]}, follow=True)
    sheets = answer.content.decode()
    assert sheets.count('class="sheet"') == 2
    code = ReportPoint.objects.get(house_code=buildings[0].code).code
    assert buildings[0].address in Client().get(reverse("public:report_at", args=[code])).content.decode()


@pytest.mark.parametrize("sent", [[], ["x"], ["\x00"], ["9" * 40], ["0"]])
def test_a_forged_choice_is_refused(world, buildings, sent):
    client = Client()
    client.force_login(world.secretary)
    assert client.post(reverse("intake:plates"), {"buildings": sent}).status_code == 422
    assert not ReportPoint.objects.exists()

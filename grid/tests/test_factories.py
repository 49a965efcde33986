"""The small city that tests of every app stand on."""

import pytest
from django.contrib.auth import authenticate

from grid import access
from grid.models import Area, Unit
from grid.tests.factories import PASSWORD, grant, make_staff, make_unit, small_city

pytestmark = pytest.mark.django_db


class TestSmallCity:
    def test_has_the_tree_it_promises(self):
        city = small_city()
        assert Area.objects.count() == 1 + 2 + 4 + 8
        assert city.stations[1][1][0].path.startswith(city.offices[1][1].path)
        assert city.offices[1][1].home_area == city.streets[1][1]

    def test_lets_a_secretary_see_only_the_own_community(self):
        city = small_city()
        seen = Unit.objects.visible_to(city.staff["community_secretary"])
        assert list(seen) == [city.stations[0][0][0]]

    def test_lets_a_district_dispatcher_see_the_district(self):
        city = small_city()
        seen = Area.objects.visible_to(city.staff["district_dispatcher"])
        assert set(seen) == set(Area.objects.below(city.districts[0]))


def test_a_grant_of_bare_acts_holds_at_the_unit():
    unit = make_unit()
    person = grant(make_staff(unit=unit), ["view_case", "handle_case"], unit)
    assert access.grants_of(person).acts() == {"view_case", "handle_case"}


def test_made_staff_can_log_in(rf):
    make_staff("somebody")
    assert authenticate(rf.post("/"), username="somebody", password=PASSWORD) is not None

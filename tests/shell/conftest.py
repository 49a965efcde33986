"""A small city and its people, and caches that know nothing of the test before."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache

from grid.tests.factories import grant, make_area, make_staff, make_unit


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def city(db):
    """One city with a centre and one district with a community: enough for roles and territory."""
    top = make_area(1, "深圳市")
    district = make_area(2, "龙华区", top)
    community = make_area(4, "北站社区", district)
    centre = make_unit("centre", "centre", home_area=top, name="市民生诉求服务中心")
    district_centre = make_unit("centre", "centre", parent=centre, home_area=district, name="龙华区民生诉求服务中心")
    station = make_unit("community", "community", parent=district_centre, home_area=community, name="北站社区")
    return SimpleNamespace(
        centre=centre,
        district_centre=district_centre,
        station=station,
        agent=grant(make_staff("agent", centre, last_name="陈", first_name="一"), "agent", centre),
        secretary=grant(make_staff("secretary", station), "community_secretary", station),
        administrator=grant(make_staff("administrator", centre), "administrator", centre),
        district_administrator=grant(make_staff("local", district_centre), "administrator", district_centre),
        nobody=make_staff("nobody", station),
        root=make_staff("root", is_superuser=True, is_staff=True),
    )

"""A case with a point and no area lies in the smallest area whose outline holds the point."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grid.geometry import area_id_at
from grid.services.outlines import import_outlines
from intake.choices import PlaceSource
from intake.services import register_case
from shenzhen_gov.core.actor import Actor

from .factories import SYSTEM, city_with_channels, make_parameters, new_case

CORNERS = [[114.0, 22.6], [114.01, 22.6], [114.01, 22.61], [114.0, 22.61], [114.0, 22.6]]
INSIDE = {"longitude": 114.005, "latitude": 22.605}


@pytest.fixture
def city(db):
    city = city_with_channels()
    make_parameters()
    city.community = city.communities[0][0][0]
    told = {"type": "Feature", "properties": {"code": city.community.code}}
    told["geometry"] = {"type": "Polygon", "coordinates": [CORNERS]}
    data = json.dumps({"type": "FeatureCollection", "features": [told]}).encode()
    import_outlines(data, source="test", by=SYSTEM, now=timezone.now())
    return city


def register(city, **given):
    return register_case(new_case(**given), by=Actor.staff(city.staff["agent"]), now=timezone.now())


def test_a_point_says_where_more_closely_than_the_words(city):
    case = register(city, **INSIDE)
    assert (case.area, case.place_source) == (city.community, PlaceSource.POINT)


def test_a_chosen_area_goes_before_the_point(city):
    other = city.communities[0][1][0]
    case = register(city, area=other.code, **INSIDE)
    assert (case.area, case.place_source) == (other, PlaceSource.CHOSEN)


def test_where_no_outline_holds_the_point_the_words_count(city):
    case = register(city, longitude=114.5, latitude=22.5)
    assert (case.area, case.place_source) == (city.streets[0][0], PlaceSource.TEXT)


def test_a_case_without_a_point_asks_for_no_outline(city):
    area_id_at(**INSIDE)
    register(city)
    with CaptureQueriesContext(connection) as asked:
        register(city)
    assert not [one for one in asked.captured_queries if "areaoutline" in one["sql"]]

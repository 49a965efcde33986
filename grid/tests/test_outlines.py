"""Outlines: a GeoJSON file is taken whole or not at all, and every fault names its feature."""

import json

import pytest
from django.utils import timezone

from grid.choices import Level, UnitKind
from grid.geometry import current
from grid.models import Area, AreaOutline, Unit
from grid.selectors import area_at
from grid.services.outlines import BadOutlines, import_outlines
from grid.tests.registers import SYSTEM, coded_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
WEST, SOUTH = 114.0, 22.6


@pytest.fixture
def city():
    Parameter.objects.create(key="outlines.tolerance", value=0.01, effective_from="2018-01-01", source="test")
    return coded_city()


@pytest.fixture
def community(city):
    return city.communities[0][0][0]


def box(x0=0.0, y0=0.0, x1=1.0, y1=1.0):
    """A rectangle in hundredths of a degree from the corner of the test map."""
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    return {"type": "Polygon", "coordinates": [[[WEST + x / 100, SOUTH + y / 100] for x, y in corners]]}


def feature(code, geometry=None, **told):
    return {"type": "Feature", "properties": {"code": code, **told}, "geometry": geometry or box()}


def bring(*features, by=SYSTEM):
    data = json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
    return import_outlines(data, source="test", by=by, now=timezone.now())


def at(x, y):
    found = area_at(WEST + x / 100, SOUTH + y / 100)
    return found.code if found else None


def faults(*features, by=SYSTEM):
    with pytest.raises(BadOutlines) as refusal:
        bring(*features, by=by)
    return [(fault.number, fault.code) for fault in refusal.value.faults]


def test_a_point_is_in_the_smallest_area_around_it(city, community):
    bring(feature(community.code), feature(city.cells[0].code, box(0, 0, 0.5, 1)))
    assert at(0.2, 0.2) == city.cells[0].code
    assert at(0.8, 0.2) == community.code
    assert at(3, 3) is None
    assert area_at(None, None) is None


def test_a_new_import_replaces_an_outline_and_is_seen_at_once(city, community):
    bring(feature(community.code))
    assert at(1.5, 0.5) is None
    bring(feature(community.code, box(0, 0, 2, 1)))
    assert at(1.5, 0.5) == community.code
    assert AreaOutline.objects.count() == 1
    assert AuditEntry.objects.filter(action="outlines.imported").count() == 2


def test_cells_that_do_not_exist_are_set_up_with_their_teams(community):
    codes = [f"{community.code}07", f"{community.code}0701"]
    done = bring(
        feature(codes[1], box(0, 0, 0.2, 0.2), name="第一小格"),
        feature(codes[0], box(0, 0, 0.5, 0.5), name="第七网格"),
    )
    assert (done.outlines, done.cells) == (2, 2)
    assert Area.objects.get(code=codes[1]).level == Level.SUBCELL
    assert Unit.objects.filter(kind=UnitKind.CELL, home_area__code=codes[0]).exists()


def test_an_area_whose_code_begins_like_another_city_is_of_this_one(city, community):
    Area.objects.filter(pk=community.pk).update(code="441521102002")
    done = bring(feature("441521102002"), feature("44152110200201", box(0, 0, 0.5, 1), name="第一网格"))
    assert (done.outlines, done.cells) == (2, 1)


CROSSED = {
    "type": "Polygon",
    "coordinates": [[[114.0, 22.6], [114.1, 22.7], [114.1, 22.6], [114.0, 22.7], [114.0, 22.6]]],
}
OPEN = {"type": "Polygon", "coordinates": [[[114.0, 22.6], [114.1, 22.6], [114.1, 22.7], [114.0, 22.7]]]}
HUGE = {"type": "Polygon", "coordinates": [[[114.0, 22.6], [10**400, 22.6], [114.1, 22.7], [114.0, 22.6]]]}


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "Feature", "properties": {}, "geometry": box()},
        {"type": "Feature", "properties": None, "geometry": box()},
        {"type": "Feature", "properties": {"code": ["44"]}, "geometry": box()},
        "text",
        None,
        feature("110101001001"),
        feature("440399999999"),
        feature("44039999999901", name="网格"),
        feature("{community}08"),
        feature("{community}0", name="网格"),
        feature("{community}", {"type": "Point", "coordinates": [114, 22.6]}),
        feature("{community}", CROSSED),
        feature("{community}", OPEN),
        feature("{community}", HUGE),
        feature("{community}", {"type": "Polygon", "coordinates": []}),
        feature("{community}", {"type": "Polygon", "coordinates": [[]]}),
        feature("{community}", {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}),
        feature("{community}", {"type": "Polygon", "coordinates": [[[True, False]] * 4]}),
        feature("{community}", {"type": "Polygon", "coordinates": [[[114.0, 22.6]] * 5]}),
        feature("{community}", {"type": "MultiPolygon", "coordinates": [box()["coordinates"]] * 2}),
        feature("{community}", {"type": "Polygon", "coordinates": {"a": 1}}),
        feature(
            "{community}",
            {"type": "Polygon", "coordinates": [[[2.35, 48.85], [2.4, 48.85], [2.4, 48.9], [2.35, 48.85]]]},
        ),
    ],
)
def test_a_wrong_feature_is_named_and_nothing_is_taken(city, community, bad):
    if isinstance(bad, dict) and isinstance((bad["properties"] or {}).get("code"), str):
        bad = bad | {
            "properties": {**bad["properties"], "code": bad["properties"]["code"].format(community=community.code)}
        }
    good = feature(city.communities[0][0][1].code, box(5, 5, 6, 6))
    assert [number for number, _code in faults(good, bad)] == [2]
    assert not AreaOutline.objects.exists()
    assert Area.objects.filter(level__gte=Level.CELL).count() == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"[]", b'{"type": "Feature"}', b'{"type": "FeatureCollection", "features": []}', b"[" * 100_000,
     b'{"type": "FeatureCollection", "features": [NaN]}', b"1" * 5000],
)  # fmt: skip
def test_what_is_no_geojson_is_refused_as_a_file(city, data):
    with pytest.raises(BadInput) as refusal:
        import_outlines(data, source="", by=SYSTEM, now=timezone.now())
    assert refusal.value.field == "file"


def test_the_same_code_twice_in_a_file_is_a_fault(community):
    assert faults(feature(community.code), feature(community.code)) == [(2, community.code)]


def test_neighbours_may_touch_and_overlap_by_a_little_only(city, community):
    other = city.communities[0][0][1]
    assert faults(feature(community.code), feature(other.code, box(0.9, 0, 2, 1))) == [(2, other.code)]
    bring(feature(community.code), feature(other.code, box(0.995, 0, 2, 1)))
    assert faults(feature(other.code, box(0.5, 0, 2, 1))) == [(1, other.code)]


def test_a_cell_lies_within_its_community_and_stays_there(city, community):
    cell = city.cells[0]
    assert faults(feature(community.code), feature(cell.code, box(0.5, 0, 1.5, 1))) == [(2, cell.code)]
    bring(feature(community.code), feature(cell.code, box(0.5, 0, 1, 1)))
    assert faults(feature(cell.code, box(0.5, 0, 1.5, 1))) == [(1, cell.code)]
    assert faults(feature(community.code, box(0, 0, 0.6, 1))) == [(1, community.code)]


def test_outlines_are_kept_in_the_own_territory_only(city, community):
    secretary, other = (Actor.staff(city.staff[name]) for name in ("community_secretary", "other_secretary"))
    assert faults(feature(community.code), by=other) == [(1, community.code)]
    assert faults(feature(f"{community.code}09", name="网格"), by=other) == [(1, f"{community.code}09")]
    assert bring(feature(f"{community.code}09", name="网格"), by=secretary).cells == 1
    with pytest.raises(NotAllowed):
        bring(feature(community.code), by=Actor.staff(city.staff["grid_officer"]))


def test_an_area_out_of_use_holds_no_point(community):
    bring(feature(community.code))
    Area.objects.filter(pk=community.pk).update(is_active=False)
    current.drop()
    assert at(0.5, 0.5) is None

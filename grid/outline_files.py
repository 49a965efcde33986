"""Outlines as a GeoJSON file gives them: each feature read by itself, and what is wrong with it in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shenzhen_gov.core.workbooks import bad_file

from .faults import Wrong
from .tables import EAST, NORTH, SOUTH, WEST

MOST_BYTES = 40 * 2**20
MOST_FEATURES = 20_000
MOST_POINTS = 20_000  # of one feature
NAME_LENGTH, CODE_LENGTH = 80, 20
FEWEST_POINTS = 4  # of a ring: a triangle, and the first point once more


@dataclass
class Feature:
    """One outline of a file: the area's code, its name if it is to be set up, and its polygon as shapely has it."""

    number: int
    code: str = ""
    name: str = ""
    shape: Any = None
    level: int = 0
    faults: list[Wrong] = field(default_factory=list)


def read_features(data: bytes, tell: Callable[[int, int], None] | None = None) -> list[Feature]:
    """Return the features of a GeoJSON FeatureCollection, each with what is wrong with it.

    `tell` hears how many are read, of how many. Raises BadInput(field="file") for what is no such file.
    """
    try:
        found = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise bad_file(_("This is no GeoJSON file.")) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise bad_file(_("This is no GeoJSON file of a FeatureCollection."))
    if not 0 < len(features) <= MOST_FEATURES:
        text = _("The file has %(count)s features; possible are 1 to %(most)s.")
        raise bad_file(text % {"count": len(features), "most": MOST_FEATURES})
    read = []
    for number, one in enumerate(features, 1):
        read.append(_feature(number, one))
        if tell:
            tell(number, len(features))
    return read


def _no_number(word: str) -> None:
    raise ValueError(word)


def _feature(number: int, given: Any) -> Feature:
    feature = Feature(number)
    try:
        if not isinstance(given, dict) or given.get("type") != "Feature":
            raise Wrong("no_feature")
        told = given.get("properties")
        told = told if isinstance(told, dict) else {}
        feature.code = _word(told.get("code"), CODE_LENGTH)
        feature.name = _word(told.get("name"), NAME_LENGTH)
        if not feature.code:
            raise Wrong("no_code")
        feature.shape = _shape(given.get("geometry"))
    except Wrong as wrong:
        feature.faults.append(wrong)
    return feature


def _word(value: Any, limit: int) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value).strip() if isinstance(value, str) or abs(value) < 10**limit else ""
    return text if len(text) <= limit and text.isprintable() else ""


def _shape(geometry: Any):
    import shapely

    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Wrong("geometry")
    given = geometry.get("coordinates")
    polygons = [given] if kind == "Polygon" else given
    if not isinstance(polygons, list) or not polygons:
        raise Wrong("no_points")
    rings = [_rings(polygon) for polygon in polygons]
    if sum(len(ring) for polygon in rings for ring in polygon) > MOST_POINTS:
        raise Wrong("many_points", most=MOST_POINTS)
    shape = shapely.MultiPolygon([shapely.Polygon(polygon[0], polygon[1:]) for polygon in rings])
    if not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        place = why.partition("[")[2].rstrip("]") or "?"
        raise Wrong("crossed", place=place)
    return shape


def _rings(polygon: Any) -> list[list[tuple[float, float]]]:
    if not isinstance(polygon, list) or not polygon:
        raise Wrong("no_points")
    rings = []
    for ring in polygon:
        if not isinstance(ring, list) or len(ring) < FEWEST_POINTS:
            raise Wrong("short_ring")
        points = [_point(point) for point in ring]
        if points[0] != points[-1]:
            raise Wrong("open_ring")
        rings.append(points)
    return rings


def _point(point: Any) -> tuple[float, float]:
    if not isinstance(point, list) or len(point) < 2 or any(type(one) not in (int, float) for one in point[:2]):
        raise Wrong("no_pair")
    x, y = point[:2]
    if not (WEST <= x <= EAST and SOUTH <= y <= NORTH):  # nor what is no number
        raise Wrong("elsewhere", point=f"{str(x)[:12]}, {str(y)[:12]}")
    return float(x), float(y)

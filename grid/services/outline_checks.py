"""Whether outlines fit what is there: within the area above, over those below, beside those of the same level.

Sizes are compared as shares, so degrees do as well as metres.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from grid.choices import Level, RecutState
from grid.faults import Wrong
from grid.models import Area, AreaOutline, Recut
from grid.outline_files import Feature

LEVELS = {12: Level.COMMUNITY, 14: Level.CELL, 16: Level.SUBCELL}


def outline_shape(shape) -> list:
    """Return a shape as the table keeps it: the coordinates of GeoJSON's MultiPolygon."""
    import shapely

    return json.loads(shapely.to_geojson(shape))["coordinates"]


def as_shape(polygons: list):
    """Return a kept outline as shapely has it."""
    import shapely

    return shapely.from_geojson(json.dumps({"type": "MultiPolygon", "coordinates": polygons}))


def check_against_others(features: list[Feature], known: dict[str, Area], tolerance: float) -> None:
    """Add to the features what does not fit; `tolerance` is the share of an outline that may lie over or outside."""
    for one in features:
        one.level = _level(one.code, known)
    shapes = {one.code: one.shape for one in features}
    stored = _stored_around(features, known)
    _check_parents(features, known, shapes | stored, tolerance)
    _check_children(features, known, shapes, tolerance)
    _check_neighbours(features, known, stored, tolerance)


def _level(code: str, known: dict[str, Area]) -> int:
    return known[code].level if code in known else LEVELS[len(code)]


def _parent_code(code: str, known: dict[str, Area], codes: dict[int, str]) -> str | None:
    if code in known:
        parent_id = known[code].parent_id
        return None if parent_id is None else codes.get(parent_id)
    return code[:12] if len(code) == 14 else code[:14]


def _stored_around(features: list[Feature], known: dict[str, Area]) -> dict[str, object]:
    """Return code → shape of kept outlines above and beside the features, those in the file left out."""
    west, south, east, north = _frame(features)
    levels = {one.level for one in features} | {one.level - 1 for one in features}
    rows = AreaOutline.objects.filter(area__is_active=True, area__level__in=levels).exclude(
        area__code__in=[one.code for one in features]
    )
    rows = rows.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    return {code: as_shape(polygons) for code, polygons in rows.values_list("area__code", "polygons")}


def _frame(features: list[Feature]) -> tuple[float, float, float, float]:
    boxes = [one.shape.bounds for one in features]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _check_parents(features: list[Feature], known: dict[str, Area], shapes: dict, tolerance: float) -> None:
    areas = [known[one.code] for one in features if one.code in known]
    above = [area.parent_id for area in areas if area.parent_id is not None]
    codes = dict(Area.objects.filter(pk__in=above).values_list("pk", "code"))
    for one in features:
        parent = _parent_code(one.code, known, codes)
        if parent is None or (around := shapes.get(parent)) is None:
            continue
        if _share_outside(one.shape, around) > tolerance:
            one.faults.append(Wrong("not_within", parent=parent))


def _check_children(features: list[Feature], known: dict[str, Area], shapes: dict, tolerance: float) -> None:
    """What is kept below an outline that is replaced must lie within the new one, unless the file replaces it, too."""
    by_parent: dict[int | None, Feature] = {known[one.code].pk: one for one in features if one.code in known}
    rows = AreaOutline.objects.filter(area__parent__in=by_parent, area__is_active=True).exclude(area__code__in=shapes)
    outside = defaultdict(list)
    for parent, code, polygons in rows.values_list("area__parent", "area__code", "polygons"):
        if _share_outside(as_shape(polygons), shapes[by_parent[parent].code]) > tolerance:
            outside[parent].append(code)
    for parent, codes in outside.items():
        by_parent[parent].faults += [Wrong("child_outside", code=code) for code in codes]


def _share_outside(shape, around) -> float:
    return shape.difference(around).area / shape.area if shape.area else 0.0


def _check_neighbours(features: list[Feature], known: dict[str, Area], stored: dict, tolerance: float) -> None:
    """Of two that overlap in the file the later one is named; against kept ones the one of the file."""
    import shapely

    by_level: dict[int, list[tuple[str, Any, Feature | None]]] = defaultdict(list)
    for one in features:
        by_level[one.level].append((one.code, one.shape, one))
    planned = _planned_anew()
    kept = dict(Area.objects.filter(code__in=stored).values_list("code", "level"))
    for code, shape in stored.items():
        if kept[code] in by_level:
            by_level[kept[code]].append((code, shape, None))
    for rows in by_level.values():
        shapes = [shape for _code, shape, _one in rows]
        left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        for place, other in zip(left.tolist(), right.tolist(), strict=True):
            code, shape, its = rows[other]
            one = rows[place][2]
            is_said_once = one is not None and place != other and (its is None or other < place)
            if not is_said_once or {one.code, code} in planned:
                continue
            share = one.shape.intersection(shape).area / min(one.shape.area, shape.area)
            if share > tolerance:
                one.faults.append(Wrong("overlap", code=code, share=max(round(share * 100), 1)))


def _planned_anew() -> list[set[str]]:
    """Return the pairs of an area that is to be cut and one set up for it: until the day they lie over each other."""
    plans = Recut.objects.filter(state=RecutState.PLANNED).values_list("area__code", "targets")
    return [{code, one["code"]} for code, targets in plans for one in targets if one.get("is_made")]

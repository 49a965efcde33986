"""The map of the big screen: districts as the outlines name them, and where the labels of younger ones stand."""

from __future__ import annotations

from analytics import wording
from analytics.selectors.board import Board, Line

from .board_shown import shades

# The outlines are older than these districts: Guangming was part of Baoan, Dapeng of Longgang, Shenshan lies further
# east than the map reaches. Longitude and latitude of a label, not of a border.
LABELS = {"440311": (113.93, 22.78), "4403DP": (114.51, 22.58), "4403SS": (114.56, 22.82)}


def map_of(found: Board) -> dict:
    """Return the districts with name, figure and shade, as static/js/analytics/charts.js takes them."""
    return {"areas": [_area(line, shade) for line, shade in zip(found.tiles, shades(found.tiles), strict=True)]}


def _area(line: Line, shade: int) -> dict:
    value = line.values.get("satisfaction")
    point = LABELS.get(line.area.code)
    return {
        "name": line.area.short_name,
        "outline": "" if point else line.area.name,
        "point": point,
        "value": None if value is None else value.value,
        "told": wording.NOTHING if value is None else wording.told(value),
        "shade": shade,
    }

"""How far two points of the city lie apart."""

from __future__ import annotations

import math

METRES_A_DEGREE = 111_320.0
Point = tuple[float | None, float | None]  # longitude, latitude


def metres_between(one: Point, other: Point) -> float | None:
    """Return the distance, None where a point is not known. Flat, which is exact to a metre within a city."""
    (x1, y1), (x2, y2) = one, other
    if x1 is None or y1 is None or x2 is None or y2 is None:
        return None
    east = (x1 - x2) * math.cos(math.radians((y1 + y2) / 2))
    return math.hypot(east, y1 - y2) * METRES_A_DEGREE


def degrees(metres: float, latitude: float) -> tuple[float, float]:
    """Return how many degrees to the north and to the east so many metres are at a latitude."""
    north = metres / METRES_A_DEGREE
    return north, north / math.cos(math.radians(latitude))

"""How far two points of the city lie apart."""

from __future__ import annotations

import math

METRES_A_DEGREE = 111_320.0
Point = tuple[float | None, float | None]  # longitude, latitude


def metres_between(one: Point, other: Point) -> float | None:
    """Return the distance, None where a point is not known. Flat, which is exact to a metre within a city."""
    if None in one or None in other:
        return None
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, one[1] - other[1]) * METRES_A_DEGREE

"""What other apps and pages ask about the territory."""

from .places import find_buildings
from .territory import (
    BUILDING_DIGITS,
    CELL_DIGITS,
    COMMUNITY_DIGITS,
    ROOM_DIGITS,
    answering_unit,
    area_by_house_code,
    centre_for,
    current_unit,
    find_units,
    find_units_by_names,
    unit_for,
    unit_name_on,
)

__all__ = [
    "BUILDING_DIGITS",
    "CELL_DIGITS",
    "COMMUNITY_DIGITS",
    "ROOM_DIGITS",
    "answering_unit",
    "area_by_house_code",
    "centre_for",
    "current_unit",
    "find_buildings",
    "find_units",
    "find_units_by_names",
    "unit_for",
    "unit_name_on",
]

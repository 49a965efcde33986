"""What other apps and pages ask about the territory."""

from .places import area_at, areas_beside, find_buildings
from .rentals import buildings_let, count_rentals, get_rental, rentals_at
from .rounds import team_of
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
    "area_at",
    "area_by_house_code",
    "areas_beside",
    "buildings_let",
    "centre_for",
    "count_rentals",
    "current_unit",
    "find_buildings",
    "find_units",
    "find_units_by_names",
    "get_rental",
    "rentals_at",
    "team_of",
    "unit_for",
    "unit_name_on",
]

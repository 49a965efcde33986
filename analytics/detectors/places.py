"""Repeat places: one building, address or point that different citizens complain about again and again."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

BUILDING = 19  # characters of a house code that name the building (domain §5)
SHORTEST_ADDRESS = 8  # shorter ones name a street or less
STEP = 2_000  # a point is taken as a square of 1/STEP degree: about 50 m


@dataclass(frozen=True)
class CaseAtPlace:
    """A case and what says where it is."""

    case: int
    citizen: int | None
    area: int
    item: int | None
    house_code: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class Repeat:
    """The cases at one place. `place` is its key, which names a building or nothing readable."""

    place: tuple
    area: int
    cases: tuple[int, ...]
    citizens: int
    item: int | None  # the most frequent one


def find_repeats(rows: Iterable[CaseAtPlace], *, cases: int, citizens: int) -> list[Repeat]:
    """Return the places with at least so many cases of at least so many citizens, most citizens first."""
    together: dict[tuple, list[CaseAtPlace]] = defaultdict(list)
    for row in rows:
        if place := place_of(row):
            together[place].append(row)
    found = [_repeat(place, group) for place, group in together.items() if len(group) >= cases]
    found = [one for one in found if one.citizens >= citizens]
    return sorted(found, key=lambda one: (-one.citizens, -len(one.cases), one.place))


def place_of(row: CaseAtPlace) -> tuple | None:
    """Return what makes two cases lie at the same place: building, else address in an area, else point."""
    if len(row.house_code) >= BUILDING:
        return "building", row.house_code[:BUILDING]
    address = "".join(sign for sign in unicodedata.normalize("NFKC", row.address) if sign.isalnum())
    if len(address) >= SHORTEST_ADDRESS:
        return "address", row.area, address
    if row.longitude is not None and row.latitude is not None:
        return "point", round(row.longitude * STEP), round(row.latitude * STEP)
    return None


def _repeat(place: tuple, rows: list[CaseAtPlace]) -> Repeat:
    area = Counter(row.area for row in rows).most_common(1)[0][0]
    items = Counter(row.item for row in rows if row.item is not None).most_common(1)
    citizens = {row.citizen for row in rows} - {None}
    return Repeat(place, area, tuple(sorted(row.case for row in rows)), len(citizens), items[0][0] if items else None)

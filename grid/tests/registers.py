"""Tables of buildings and rooms for tests, and a city whose codes are as long as real ones."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

from django.utils import timezone

from grid.models import Area
from grid.models.places import PlaceImport
from grid.services.cells import NewCell, create_cells
from grid.services.place_imports import import_places
from grid.tests.factories import small_city
from shenzhen_gov.core.actor import Actor

SYSTEM = Actor.system("test")


def coded_city() -> SimpleNamespace:
    """Return the small city with 12-digit codes of communities; `cells`: two in the first community."""
    city = small_city()
    for district in city.communities:
        for street in district:
            for area in street:
                area.code = f"{area.code:0<12}"
                Area.objects.filter(pk=area.pk).update(code=area.code)
    community = city.communities[0][0][0]
    rows = [NewCell(f"{community.code}{number}", f"网格{number}", community.code) for number in ("01", "02")]
    city.cells = create_cells(rows, source="test", by=SYSTEM, now=timezone.now())
    return city


def as_csv(rows: list[dict], columns: tuple[str, ...] = ()) -> io.BytesIO:
    """Return rows as a CSV file, with the columns of the first row unless others are given."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns or list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def building_code(area: Area, number: int) -> str:
    """Return the code of a building in a community (no cell) or cell."""
    return f"{area.code:0<14}{number:05d}"


def import_rows(rows: list[dict], *, by: Actor = SYSTEM) -> PlaceImport:
    """Import rows as if they came in a CSV file."""
    return import_places("places.csv", as_csv(rows), source="test", by=by, now=timezone.now())


def make_buildings(area: Area, *names: str, by: Actor = SYSTEM) -> PlaceImport:
    """Import buildings with these names into one area."""
    rows = [{"building_code": building_code(area, place), "name": name} for place, name in enumerate(names, 1)]
    return import_rows(rows, by=by)

"""A community with cells, walkers, buildings and the two sample schemes, for tests of rentals."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.core.management import call_command

from grid.models import Area, Building, Rental, Room, Unit
from grid.services import NewCell, create_cells
from grid.services.rentals import NewRental, register_rental
from grid.tests.factories import grant, make_area, make_staff, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.remembered import remembered

NOW = datetime(2026, 6, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
SYSTEM = Actor.system("test")


@remembered
def make_rental_world() -> SimpleNamespace:
    """Return `city`, `community`, `cells` [two], `officer` and `other_officer` (one a cell), `secretary`, `manager`."""
    city = small_city()
    community = city.communities[0][0][0]
    Area.objects.filter(pk=community.pk).update(code=f"{community.code:0<12}"[:12])
    community.refresh_from_db()
    make_area(2, "龙岗区", city.city, code="440307")
    for command in ("load_parameters", "load_grade_schemes"):
        call_command(command, stdout=StringIO())
    rows = [NewCell(f"{community.code}0{n}", f"第{n}网格", community.code) for n in (1, 2)]
    cells = create_cells(rows, source="test", by=SYSTEM, now=NOW)
    people = []
    for cell, name in zip(cells, ("walker_one", "walker_two"), strict=True):
        team = Unit.objects.get(home_area=cell)
        people.append(grant(make_staff(name, team), "grid_officer", team))
    manager = grant(make_staff("manager", city.centres[0]), "grid_manager", city.centres[0])
    return SimpleNamespace(
        city=city, community=community, cells=cells, officer=people[0], other_officer=people[1], manager=manager,
        secretary=city.staff["community_secretary"],
    )  # fmt: skip


def make_building(area: Area, number: int = 1, **given) -> Building:
    """Make a building in a cell or a community; its code begins with the area's."""
    code = f"{area.code:0<14}{number:05d}"
    given.setdefault("name", f"测试楼{number}")
    given.setdefault("address", f"测试路 {number} 号")
    return Building.objects.create(code=code, area=area, **given)


def make_rental(area: Area, number: int = 1, *, room: str = "", now: datetime = NOW) -> Rental:
    """Register a building, or a room of one, that is let."""
    building = Building.objects.filter(code=f"{area.code:0<14}{number:05d}").first() or make_building(area, number)
    code = building.code
    if room:
        code = Room.objects.create(code=f"{building.code}{room:0>6}", building=building, name=room).code
    data = NewRental(code, "room" if room else "building")
    return register_rental(data, by=SYSTEM, now=now)

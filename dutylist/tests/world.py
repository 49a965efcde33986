"""A small city with a duty list of two items, parameters loaded: what tests of the list stand on."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from types import SimpleNamespace

from django.core.management import call_command

from dutylist.catalogue_file import CatalogueRow
from dutylist.services import NewResponsibility, enter_catalogue, set_responsibilities
from grid.tests.factories import small_city
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.remembered import remembered
from shenzhen_gov.core.worktime import SHANGHAI

NOON = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
SYSTEM = Actor.system("test")


@remembered
def make_list() -> SimpleNamespace:
    """Make the city, and two items: T01 litter (communities answer), T02 lamp (a city facility; the bureau answers)."""
    city = small_city()
    call_command("load_parameters", stdout=StringIO())
    parameters.forget()
    city.items = enter_items(city)
    return city


def enter_items(city: SimpleNamespace) -> dict[str, int]:
    """Enter the two items with their responsibility rows; returns code → version id."""
    rows = [item_row("T01", "楼道堆物"), item_row("T02", "路灯不亮", is_component=True)]
    versions = enter_catalogue(
        rows, source="sample", owner_area_id=city.city.pk, effective_from=date(2018, 1, 1), by=SYSTEM, now=NOON
    ).version_ids
    stations = [station for district in city.stations for office in district for station in office]
    set_responsibilities(
        [NewResponsibility(versions["T01"], station.home_area_id, station.pk) for station in stations]
        + [
            NewResponsibility(versions["T02"], area.pk, city.bureaus[d]["urban_management"].pk)
            for d, area in enumerate(city.districts)
        ],
        by=SYSTEM,
        now=NOON,
    )
    return versions


def item_row(code: str, name: str, **flags) -> CatalogueRow:
    """Return a catalogue row of one item, 5 working days, 1 when urgent."""
    flags = {"hand_down": False, "is_component": False, "counts_satisfaction": True, "is_secret": False} | flags
    return CatalogueRow(
        line=2,
        code=code,
        level1="市容环卫",
        level2="环境",
        name=name,
        lead="community",
        co=(),
        limit_normal=5,
        limit_urgent=1,
        limit_unit="workday",
        texts={},
        keywords=(name,),
        examples=(),
        flags=flags,
    )

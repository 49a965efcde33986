"""A small city with a duty list, calendar, time limits and channels: everything a case needs to be dispatched."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from types import SimpleNamespace

from django.core.management import call_command

from dutylist.catalogue_file import CatalogueRow
from dutylist.services import NewResponsibility, enter_catalogue, set_responsibilities
from grid.tests.factories import small_city
from intake.services import NewCase, register_case
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.worktime import SHANGHAI

NOON = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
SYSTEM = Actor.system("test")


def make_world() -> SimpleNamespace:
    """Make the city, and two items: `litter` (communities answer) and `lamp` (a city facility; the bureau answers)."""
    city = small_city()
    for command in ("load_calendar", "load_parameters", "load_channels", "load_clock_rules"):
        call_command(command, stdout=StringIO())
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


def new_case(city: SimpleNamespace, *, now: datetime = NOON, by: Actor | None = None, **given):
    """Register and accept a case about litter in the first community, unless told otherwise."""
    data = {
        "channel": "hotline",
        "content": "二楼楼道里堆满纸箱，担心失火。",
        "request_type": "help",
        "phone": "13800138000",
        "name": "陈某",
        "area": city.communities[0][0][0].code,
        "item": "T01",
    } | given
    return register_case(NewCase(**data), by=by or Actor.staff(city.staff["agent"]), now=now)

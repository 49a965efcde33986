"""Plain functions that make channels, duty items and cases for tests of any app."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from types import SimpleNamespace

from django.utils import timezone

from dutylist.models import CatalogueEntry, Item, ItemVersion
from grid.models import Area
from grid.tests.factories import small_city
from intake.files import read_channels
from intake.models import Case, Channel
from intake.services import NewCase, load_channels, register_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.parameter_files import load_parameters, read_parameters, shipped_files
from shenzhen_gov.core.tests.remembered import remembered

SYSTEM = Actor.system("test")
IN_FORCE = date(2020, 1, 1)
_numbers = count(1)


def make_channel(code: str = "hotline") -> Channel:
    """Return the channel of intake/data/channels.csv, loading the file when it is not there yet."""
    if not Channel.objects.filter(code=code).exists():
        load_channels(read_channels(), by=SYSTEM, now=timezone.now())
    return Channel.objects.get(code=code)


def make_parameters() -> None:
    """Load the parameters that every app ships."""
    for path in shipped_files():
        load_parameters(read_parameters(path), by=SYSTEM, now=timezone.now())


def make_item(area: Area, name: str = "路灯不亮", **given) -> ItemVersion:
    """Make one duty item of the sample list with one version in force since 2020."""
    number = next(_numbers)
    parent = None
    for level, title in enumerate((f"市政设施{number}", "道路照明", name), 1):
        parent = CatalogueEntry.objects.create(
            code=f"T{number}-{level}", name=title, level=level, parent=parent, source="sample"
        )
    item = Item.objects.create(code=given.pop("code", f"T{number:07d}"), entry=parent, owner_area=area)
    given.setdefault("path_text", f"市政设施 / 道路照明 / {name}")
    given.setdefault("limit_normal", 5)
    return ItemVersion.objects.create(
        item=item, number=1, effective_from=given.pop("effective_from", IN_FORCE), name=name, source="sample", **given
    )


def new_case(**given) -> NewCase:
    """Return the data of a request as a hotline agent would enter it."""
    values = {"channel": "hotline", "content": "龙华区民治街道路灯整夜不亮，请尽快修复。", "request_type": "help"}
    return NewCase(**(values | given))


def make_case(*, by: Actor = SYSTEM, now: datetime | None = None, **given) -> Case:
    """Register a case; channels are loaded when needed."""
    make_channel()
    return register_case(new_case(**given), by=by, now=now or timezone.now())


@remembered
def city_with_channels() -> SimpleNamespace:
    """Return grid's small city with channels, parameters and one duty item on it (`item`, an ItemVersion)."""
    city = small_city()
    make_channel()
    make_parameters()
    city.item = make_item(city.city)
    return city

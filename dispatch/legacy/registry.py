"""What the rows of a file name: duty items, units with dated names, channels. Found, or set up through services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.db import transaction

from dutylist.choices import LimitUnit, Source
from dutylist.models import CatalogueEntry, ItemVersion
from dutylist.services import CatalogueRow, enter_catalogue
from grid.choices import UnitKind
from grid.models import Area, Unit
from grid.selectors import centre_for
from grid.services import NewUnit, create_unit
from intake.models import Channel
from intake.services import ChannelRow, load_channels
from shenzhen_gov.core.actor import Actor

from .mapping import KnownChannel, Mapping
from .places import Places
from .reader import LegacyRow
from .units import Units

Path3 = tuple[str, str, str]
CHANNEL_ORDER = 900  # behind every channel in use


@dataclass(frozen=True)
class Registry:
    """Where the names of the file lead to, as ids; `holder_id` is the centre that answers for imported cases."""

    items: dict[Path3, tuple[int, int]]  # path -> (item, version)
    units: dict[str, int]
    channels: dict[str, int]
    places: Places
    holder_id: int


@dataclass(frozen=True)
class Added:
    """What the file brought that was not here."""

    items: int
    units: int
    names: int
    channels: int


@transaction.atomic
def register(rows: Sequence[LegacyRow], mapping: Mapping, *, by: Actor, now: datetime) -> tuple[Registry, Added]:
    """Find or set up everything the rows name, all or nothing; a second time nothing is added."""
    places = Places(mapping.district)
    centre = _centre(places.district, mapping, by, now)
    channels, new_channels = _channels(rows, mapping, by, now)
    items, new_items = _items(rows, mapping, places.district, by, now)
    units = Units(mapping, places, centre, by, now)
    new_units, new_names = units.bring_in_line(rows)
    registry = Registry(items, units.ids, channels, places, centre.pk)
    return registry, Added(new_items, new_units, new_names, new_channels)


def _centre(district: Area, mapping: Mapping, by: Actor, now: datetime) -> Unit:
    """Return the civic request centre of the district, setting up the least of a unit tree where there is none."""
    found = centre_for(district)
    if found is not None and found.home_area_id == district.pk:
        return found
    if found is None:
        city = district.parent or district
        found = _set_up_centre(mapping.code("city-centre"), city, "", "市民生诉求服务中心", mapping, by, now)
    name = f"{district.short_name}民生诉求服务中心"
    return _set_up_centre(mapping.code("centre"), district, found.code, name, mapping, by, now)


def _set_up_centre(code: str, area: Area, parent: str, name: str, mapping: Mapping, by: Actor, now: datetime) -> Unit:
    new = NewUnit(code, "centre", UnitKind.CENTRE, area.level, name, parent, area.code, mapping.in_force_from)
    return create_unit(new, by=by, now=now, document=mapping.name)


def _channels(rows: Sequence[LegacyRow], mapping: Mapping, by: Actor, now: datetime) -> tuple[dict[str, int], int]:
    """Return channel name → id. They are closed: nobody can register a case under one."""
    known = {name: mapping.channels.get(name) or _made_up(name, mapping) for name in {row.channel for row in rows}}
    codes = [channel.code for channel in known.values()]
    before = set(Channel.objects.filter(code__in=codes).values_list("code", flat=True))
    missing = [known[name] for name in sorted(known) if known[name].code not in before]
    load_channels(
        [
            ChannelRow(
                channel.code,
                channel.name,
                channel.name_en,
                mapping.origin,
                "normal",
                CHANNEL_ORDER,
                mapping.name,
                False,
            )
            for channel in missing
        ],
        by=by,
        now=now,
    )
    ids = dict(Channel.objects.filter(code__in=codes).values_list("code", "pk"))
    return {name: ids[channel.code] for name, channel in known.items()}, len(missing)


def _made_up(name: str, mapping: Mapping) -> KnownChannel:
    """Return a channel for a name that the mapping file does not know."""
    label = f"{name}（{mapping.name}）"
    return KnownChannel(mapping.code(f"{crc32(name.encode()):08x}"), label, label)


def _items(
    rows: Sequence[LegacyRow], mapping: Mapping, owner: Area, by: Actor, now: datetime
) -> tuple[dict[Path3, tuple[int, int]], int]:
    """Return path → (item, version). A path is one item for ever; the code keeps the number that came with it first."""
    paths = {row.path: row.item_id for row in rows}
    known = _known_items()
    fresh = sorted(paths.keys() - known.keys())
    entries = CatalogueEntry.objects.filter(source=Source.LEGACY, items__isnull=False)
    codes = set(entries.values_list("items__code", flat=True))
    new = [_catalogue_row(path, _free_code(f"{mapping.prefix}-{paths[path]}", codes)) for path in fresh]
    enter_catalogue(
        new, source=Source.LEGACY, owner_area_id=owner.pk, effective_from=mapping.in_force_from, by=by, now=now
    )
    known |= _known_items() if new else {}
    return {path: known[path] for path in paths}, len(new)


def _known_items() -> dict[Path3, tuple[int, int]]:
    versions = ItemVersion.objects.filter(source=Source.LEGACY).order_by("number")
    rows = versions.values_list(
        "item__entry__parent__parent__name", "item__entry__parent__name", "item__entry__name", "item", "pk"
    )
    return {(level1, level2, level3): (item, version) for level1, level2, level3, item, version in rows}


def _free_code(code: str, taken: set[str]) -> str:
    """Return the code, with a number behind it where the file uses one number for two paths; `taken` then has it."""
    free, number = code, 1
    while free in taken:
        number += 1
        free = f"{code}-{number}"
    taken.add(free)
    return free


def _catalogue_row(path: Path3, code: str) -> CatalogueRow:
    """Return a duty item of which nothing is known but its path."""
    return CatalogueRow(
        line=0,
        code=code,
        level1=path[0],
        level2=path[1],
        name=path[2],
        lead="",
        co=(),
        limit_normal=None,
        limit_urgent=None,
        limit_unit=LimitUnit.WORKDAY,
        texts={},
        keywords=(),
        examples=(),
        flags={},
    )

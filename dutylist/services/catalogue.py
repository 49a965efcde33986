"""Writing the duty list. Versions are only added; who is responsible is written with the version it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dutylist.by_function import nearest_units, units_by_function
from dutylist.catalogue_file import CatalogueRow
from dutylist.choices import ManagementType, Source
from dutylist.models import CatalogueEntry, Item, ItemVersion, Responsibility
from grid.models import Area
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in, reserve_keys
from shenzhen_gov.core.csv_files import bad_row
from shenzhen_gov.core.exceptions import BadInput, Refused

from .steps import lock_publishing

ENTRY_PREFIX = {Source.OFFICIAL: "C", Source.SAMPLE: "CS", Source.LEGACY: "CP"}


@dataclass(frozen=True)
class Place:
    """Where a new item stands in the catalogue."""

    code: str
    level1: str
    level2: str
    name: str


@dataclass(frozen=True)
class Loaded:
    """What loading a catalogue did; `version_ids` maps item code → version in force from the given day."""

    added: int
    changed: int
    unchanged: int
    version_ids: dict[str, int]


@dataclass(frozen=True)
class NewResponsibility:
    """One row to be written: version × area → lead, co-handlers, fallback."""

    version_id: int
    area_id: int
    lead_unit_id: int
    co_unit_ids: tuple[int, ...] = ()
    fallback_unit_id: int | None = None
    note: str = ""


@transaction.atomic
def enter_catalogue(
    rows: Sequence[CatalogueRow], *, source: str, owner_area_id: int, effective_from: date, by: Actor, now: datetime
) -> Loaded:
    """Enter or renew items: unknown codes are added, changed ones get a new version, equal ones are left alone.

    Raises Refused naming the row when a version of the same day exists already and reads otherwise.
    """
    lock_publishing()
    items = _items_for(rows, source, Area.objects.get(pk=owner_area_id))
    newest = _newest_versions(items.values())
    drafts = [
        (row, newest.get(items[row.code].pk), _version(row, items[row.code], newest, source, effective_from))
        for row in rows
    ]
    fresh = [draft for row, last, draft in drafts if _is_new(row, last, draft)]
    ItemVersion.objects.bulk_create(fresh, batch_size=500)
    audit.record_many(
        (audit.Record("item.version_published", version, {"code": version.item.code}) for version in fresh),
        by=by,
        now=now,
    )
    newest |= {version.item_id: version for version in fresh}
    return Loaded(
        added=sum(version.number == 1 for version in fresh),
        changed=sum(version.number > 1 for version in fresh),
        unchanged=len(rows) - len(fresh),
        version_ids={row.code: newest[items[row.code].pk].pk for row in rows},
    )


@transaction.atomic
def set_responsibilities(rows: Iterable[NewResponsibility], *, by: Actor, now: datetime) -> int:
    """Write responsibility rows of versions that have none for those areas yet; returns how many.

    Raises BadInput naming the version and area when a pair occurs twice or is there already.
    """
    rows = list(rows)
    _refuse_doubled(rows)
    copy_rows(rows)
    _record_rows_per_version(rows, by, now)
    return len(rows)


def copy_rows(rows: Sequence[NewResponsibility]) -> None:
    """Write responsibility rows with their co-handling units, unaudited: for services that record what they publish."""
    keys = reserve_keys(Responsibility, len(rows))
    copy_in(Responsibility, (_columns(key, row) for key, row in zip(keys, rows, strict=True)))
    copy_in(
        Responsibility.co_units.through,
        (
            {"responsibility_id": key, "unit_id": unit_id}
            for key, row in zip(keys, rows, strict=True)
            for unit_id in row.co_unit_ids
        ),
    )


def assign_by_function(
    rows: Sequence[CatalogueRow], version_ids: dict[str, int], *, on: date, by: Actor, now: datetime
) -> int:
    """Make every open unit with a row's lead function responsible in its home area; returns how many rows.

    This is how the sample catalogue, which names functions and no units, is laid over any unit tree. Versions that have
    rows already are left alone. Raises BadInput naming the row whose function nobody has.
    """
    holders = units_by_function(on)
    done = set(Responsibility.objects.filter(version_id__in=version_ids.values()).values_list("version_id", flat=True))
    fresh = [row for row in rows if version_ids[row.code] not in done]
    if nobody := [row for row in fresh if row.lead not in holders]:
        raise BadInput(
            _("Row %(line)s, column “lead”: no unit has the function “%(function)s”.")
            % {
                "line": nobody[0].line,
                "function": nobody[0].lead,
            },
            field="lead",
        )
    return set_responsibilities(
        (
            NewResponsibility(version_ids[row.code], unit.home_area_id, unit.pk, nearest_units(row.co, unit, holders))
            for row in fresh
            for unit in holders[row.lead].values()
        ),
        by=by,
        now=now,
    )


def _columns(key: int, row: NewResponsibility) -> dict:
    return {
        "id": key,
        "version_id": row.version_id,
        "area_id": row.area_id,
        "lead_unit_id": row.lead_unit_id,
        "fallback_unit_id": row.fallback_unit_id,
        "note": row.note,
    }


def _refuse_doubled(rows: list[NewResponsibility]) -> None:
    """Raise BadInput when a version would have two rows for one area."""
    pairs: set[tuple[int, int]] = set()
    doubled = None
    for row in rows:
        if (row.version_id, row.area_id) in pairs:
            doubled = row
            break
        pairs.add((row.version_id, row.area_id))
    if doubled is None:
        versions = {row.version_id for row in rows}
        taken = set(Responsibility.objects.filter(version_id__in=versions).values_list("version_id", "area_id"))
        doubled = next((row for row in rows if (row.version_id, row.area_id) in taken), None)
    if doubled is not None:
        version, area = ItemVersion.objects.get(pk=doubled.version_id), Area.objects.get(pk=doubled.area_id)
        raise BadInput(_("“%(version)s” has two rows for %(area)s.") % {"version": version, "area": area}, field="area")


def _record_rows_per_version(rows: list[NewResponsibility], by: Actor, now: datetime) -> None:
    """Audit once per version how many areas were given a responsible unit."""
    counts: dict[int, int] = defaultdict(int)
    for row in rows:
        counts[row.version_id] += 1
    versions = ItemVersion.objects.in_bulk(list(counts))
    audit.record_many(
        (audit.Record("item.responsibility_set", versions[pk], {"areas": count}) for pk, count in counts.items()),
        by=by,
        now=now,
    )


def entries_for(rows: Sequence[CatalogueRow | Place], source: str) -> dict[tuple[str, ...], CatalogueEntry]:
    """Return path → catalogue entry for all three levels, adding what is missing."""
    known = {entry.pk: entry for entry in CatalogueEntry.objects.filter(source=source).select_related("parent__parent")}
    entries = {_path_of(entry): entry for entry in known.values()}
    for depth in (1, 2, 3):
        missing: dict[tuple[str, ...], CatalogueEntry] = {}
        for row in rows:
            path = (row.level1, row.level2, row.name)[:depth]
            if path not in entries and path not in missing:
                code = row.code if depth == 3 else _entry_code(path, entries, missing, source)
                missing[path] = CatalogueEntry(
                    code=f"{ENTRY_PREFIX[Source(source)]}-{code}" if depth == 3 else code,
                    name=path[-1],
                    level=depth,
                    source=source,
                    parent=entries.get(path[:-1]),
                )
        CatalogueEntry.objects.bulk_create(missing.values(), batch_size=1000)
        entries |= missing
    return entries


def _entry_code(path: tuple[str, ...], entries: dict, missing: dict, source: str) -> str:
    """Return the next free code below the parent, e.g. CS05 and CS0503."""
    siblings = sum(other[:-1] == path[:-1] and len(other) == len(path) for other in [*entries, *missing])
    parent = entries.get(path[:-1])
    return f"{parent.code if parent else ENTRY_PREFIX[Source(source)]}{siblings + 1:02d}"


def _path_of(entry: CatalogueEntry) -> tuple[str, ...]:
    return (*(_path_of(entry.parent) if entry.parent else ()), entry.name)


def _items_for(rows: Sequence[CatalogueRow], source: str, owner: Area) -> dict[str, Item]:
    """Return code → item, adding what is missing. A known code keeps its place, whatever its new version is called.

    Raises BadInput naming the row when a new code claims a path that already stands for another item.
    """
    known = Item.objects.in_bulk([row.code for row in rows], field_name="code")
    fresh = [row for row in rows if row.code not in known]
    entries = entries_for(fresh, source)
    there = Item.objects.filter(entry__in=[entry.pk for entry in entries.values()], owner_area=owner, narrows=None)
    taken = dict(there.values_list("entry", "code"))
    management = ManagementType.CITY if owner.parent_id is None else ManagementType.DISTRICT
    missing = []
    for row in fresh:
        entry = entries[row.level1, row.level2, row.name]
        if entry.pk in taken:
            text = _("“%(name)s” is already the item %(code)s") % {"name": row.name, "code": taken[entry.pk]}
            raise bad_row(row.line, "code", text)
        missing.append(Item(code=row.code, entry=entry, owner_area=owner, management_type=management))
    return known | {item.code: item for item in Item.objects.bulk_create(missing, batch_size=1000)}


def _newest_versions(items: Iterable[Item]) -> dict[int, ItemVersion]:
    versions = ItemVersion.objects.filter(item__in=list(items)).order_by("item_id", "number")
    return {version.item_id: version for version in versions}


def _version(
    row: CatalogueRow, item: Item, newest: dict[int, ItemVersion], source: str, effective_from: date
) -> ItemVersion:
    last = newest.get(item.pk)
    return ItemVersion(
        item=item,
        number=last.number + 1 if last else 1,
        effective_from=effective_from,
        name=row.name,
        path_text=f"{row.level1} / {row.level2} / {row.name}",
        keywords=list(row.keywords),
        examples=list(row.examples),
        limit_normal=row.limit_normal,
        limit_urgent=row.limit_urgent,
        limit_unit=row.limit_unit,
        source=source,
        **row.texts,
        **row.flags,
    )


def _is_new(row: CatalogueRow, last: ItemVersion | None, version: ItemVersion) -> bool:
    """Whether the row says something new; refuses a second version of one day."""
    if last is None:
        return True
    if _reads_the_same(last, version):
        return False
    if last.effective_from >= version.effective_from:
        raise Refused(
            _("Row %(line)s: item %(code)s already has a version of %(day)s; choose a later date.")
            % {"line": row.line, "code": row.code, "day": last.effective_from}
        )
    return True


def _reads_the_same(one: ItemVersion, other: ItemVersion) -> bool:
    ignored = {"id", "number", "effective_from"}
    names = [field.attname for field in ItemVersion._meta.concrete_fields if field.name not in ignored]
    return all(getattr(one, name) == getattr(other, name) for name in names)

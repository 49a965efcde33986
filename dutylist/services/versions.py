"""Writing what a batch publishes: catalogue entries, items, versions and responsibility rows, each kind at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dutylist.choices import ENDING, ManagementType, Source
from dutylist.content import FIELDS, path_text, version_fields
from dutylist.models import Batch, BatchLine, CatalogueEntry, Item, ItemVersion
from shenzhen_gov.core.bulk import copy_in, reserve_keys

from .catalogue import NewResponsibility, Place, copy_rows, entries_for


def write_versions(batch: Batch, lines: Sequence[BatchLine], day: date, now: datetime) -> dict[BatchLine, ItemVersion]:
    """Write one version for every line, in force from `day`; the caller holds the lock of publishing."""
    source = _source_of_list(batch)
    items = _items(batch, [line for line in lines if line.item_id is None], source)
    keys = reserve_keys(ItemVersion, len(lines))
    versions = {
        line: ItemVersion(
            pk=key,
            item=line.item or items[line.code],
            batch=batch,
            effective_from=day,
            published_at=now,
            source=line.before.source if line.before else source,
            number=line.before.number + 1 if line.before else 1,
            **_said(line),
        )
        for key, line in zip(keys, lines, strict=True)
    }
    columns = [field.attname for field in ItemVersion._meta.concrete_fields]
    copy_in(ItemVersion, ({name: getattr(version, name) for name in columns} for version in versions.values()))
    copy_rows([row for line, version in versions.items() for row in _rows(line, version)])
    return versions


def _said(line: BatchLine) -> dict:
    """Return how the item reads from now on; one that ends keeps its last words and rows, for whoever looks back."""
    before, rows = line.before, line.after.get("rows")
    kept = before.rows_id if before and rows is None else None
    if line.kind in ENDING and before:
        words = {name: getattr(before, name) for name in FIELDS} | {"path_text": before.path_text}
    else:
        words = version_fields(line.after) | {"path_text": path_text(line.after)}
    successors = line.after.get("successors", [])
    return words | {"is_retired": line.kind in ENDING, "successors": successors, "rows_from_id": kept}


def _rows(line: BatchLine, version: ItemVersion) -> list[NewResponsibility]:
    return [
        NewResponsibility(version.pk, row["area"], row["lead"], tuple(row["co"]), row["fallback"], row["note"])
        for row in line.after.get("rows") or []
    ]


def _items(batch: Batch, lines: list[BatchLine], source: str) -> dict[str, Item]:
    """Return code → item for the lines that add one; an overlay stands at the entry of the item it narrows."""
    entries = _entries([line for line in lines if line.narrows_id is None], source)
    items = [
        Item(
            code=line.code,
            entry_id=line.narrows.entry_id if line.narrows else entries[line.code].pk,
            narrows=line.narrows,
            owner_area=batch.owner_area,
            management_type=_management_type(batch, line),
        )
        for line in lines
    ]
    return {item.code: item for item in Item.objects.bulk_create(items, batch_size=1000)}


def _entries(lines: list[BatchLine], source: str) -> dict[str, CatalogueEntry]:
    places = [Place(line.code, line.after["level1"], line.after["level2"], line.after["name"]) for line in lines]
    entries = entries_for(places, source) if places else {}
    return {place.code: entries[place.level1, place.level2, place.name] for place in places}


def _management_type(batch: Batch, line: BatchLine) -> str:
    if line.narrows_id:
        return ManagementType.HANDED_DOWN
    return ManagementType.CITY if batch.owner_area.parent_id is None else ManagementType.DISTRICT


def _source_of_list(batch: Batch) -> str:
    """Return what new items are labelled as: a list that began as a sample stays one, whatever is added to it."""
    items = Item.objects.order_by("pk")
    first = items.filter(owner_area=batch.owner_area_id).first() or items.first()
    sources = ItemVersion.objects.filter(item=first).values_list("source", flat=True)
    return Source.SAMPLE if any(source != Source.OFFICIAL for source in sources) else Source.OFFICIAL

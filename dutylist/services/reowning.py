"""Draft lines that give an item to another unit: from an objection, a ruling, an institutional change.

What a batch already says about an item is kept; only the responsible units are laid over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dutylist.choices import ENDING, LineKind, LineSource
from dutylist.content import rows_of
from dutylist.models import Batch, BatchLine, Item, ItemVersion
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from .batches import NewBatch, open_batch
from .lines import NewLine, set_lines

Rows = list[dict]


@transaction.atomic
def draft_line_from_ruling(
    batch_id: int | None,
    item_code: str,
    area_id: int,
    lead_unit_id: int,
    fallback_unit_id: int | None = None,
    document: str = "",
    *,
    by: Actor,
    now: datetime,
) -> Batch:
    """裁决: draft the line that gives an item in an area to the unit ruled for; returns its batch.

    Without a batch a new one is opened on the item's list. Raises what the services of batches raise.
    """
    version = newest_version(item_code)
    batch_id = batch_id or _open_for(version, _("Ruling on %(item)s"), document, by=by, now=now).pk
    reown = given_to(area_id, lead_unit_id, fallback_unit_id)
    return reown_items(batch_id, [version], reown, LineSource.RULING, note=document, by=by, now=now)


def reown_items(
    batch_id: int,
    versions: list[ItemVersion],
    reown: Callable[[Rows], Rows],
    source: str,
    *,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Batch:
    """Lay `reown` over the responsibility rows of these items in a draft batch, with one call for all of them."""
    batch = Batch.objects.get(pk=batch_id)
    there = {line.code: line for line in batch.lines.filter(code__in=[version.item.code for version in versions])}
    rows = rows_of({version.rows_id for version in versions})
    lines = [
        _line(version, there.get(version.item.code), rows.get(version.rows_id, []), reown, note) for version in versions
    ]
    set_lines(batch_id, lines, source=source, overwrite=True, by=by, now=now)
    return Batch.objects.get(pk=batch_id)


def newest_version(item_code: str) -> ItemVersion:
    """Return how an item reads at last. Raises BadInput(field="item") when there is none, or it has ended."""
    versions = ItemVersion.objects.filter(item__code=item_code).order_by("-number")
    version = versions.select_related("item__owner_area").first()
    if version is None or version.is_retired:
        raise BadInput(_("There is no item %(code)s in force.") % {"code": item_code}, field="item")
    return version


def open_for_item(item: Item, title: str, document: str = "", *, by: Actor, now: datetime) -> Batch:
    """Open a batch on the list an item is on."""
    data = NewBatch(title=title[:120], document=document, owner_area_id=item.owner_area_id)
    return open_batch(data, by=by, now=now)


def _open_for(version: ItemVersion, title: str, document: str, *, by: Actor, now: datetime) -> Batch:
    return open_for_item(version.item, title % {"item": version.name}, document, by=by, now=now)


def given_to(area_id: int, lead_unit_id: int, fallback_unit_id: int | None = None) -> Callable[[Rows], Rows]:
    """Return what gives one area to a unit. The rows of other areas stay; a fallback that is not named stays too."""
    if not Area.objects.filter(pk=area_id).exists():
        raise BadInput(_("There is no such area."), field="area")

    def reown(rows: Rows) -> Rows:
        own = next((row for row in rows if row["area"] == area_id), None)
        fresh = own or {"area": area_id, "co": [], "fallback": None, "note": ""}
        fresh = fresh | {
            "lead": lead_unit_id,
            "co": [unit for unit in fresh["co"] if unit != lead_unit_id],
            "fallback": fallback_unit_id or fresh["fallback"],
        }
        return [row for row in rows if row["area"] != area_id] + [fresh]

    return reown


def taken_over(successors: Mapping[int, int]) -> Callable[[Rows], Rows]:
    """Return what replaces units by those that do their work from now on, in every row and place."""

    def reown(rows: Rows) -> Rows:
        return [_replaced(row, successors) for row in rows]

    return reown


def _replaced(row: dict, successors: Mapping[int, int]) -> dict:
    lead = successors.get(row["lead"], row["lead"])
    co = dict.fromkeys(successors.get(unit, unit) for unit in row["co"])
    fallback = successors.get(row["fallback"], row["fallback"])
    return row | {"lead": lead, "co": [unit for unit in co if unit != lead], "fallback": fallback}


def _line(
    version: ItemVersion, there: BatchLine | None, rows: Rows, reown: Callable[[Rows], Rows], note: str
) -> NewLine:
    if there is None:
        return NewLine(kind=LineKind.TRANSFER, code=version.item.code, changes={"rows": reown(rows)}, note=note[:300])
    if there.kind in ENDING:
        text = _("Batch %(number)s ends the item %(code)s; take that line out first.")
        raise Refused(text % {"number": there.batch, "code": there.code})
    given = dict(there.after)
    successors = given.pop("successors", [])
    held = rows if given.get("rows") is None else given["rows"]
    return NewLine(
        kind=there.kind, code=there.code, changes=given | {"rows": reown(held)}, successors=tuple(successors),
        policy=there.policy, note=(note or there.note)[:300],
    )  # fmt: skip

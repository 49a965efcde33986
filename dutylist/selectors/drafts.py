"""The list as a batch would leave it: what every line does to its item, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field

from dutylist.choices import ENDING
from dutylist.content import Content, rows_of
from dutylist.models import Batch, BatchLine, ItemVersion


@dataclass(frozen=True)
class DraftItem:
    """One item after the batch. `content` None: it ends; `rows` are the complete ones that hold then."""

    line: BatchLine
    code: str
    item_id: int | None
    before: ItemVersion | None
    ends: bool
    successors: list[str]
    content: Content | None
    rows: list[dict]


@dataclass(frozen=True)
class Draft:
    """All items that a batch touches, by code."""

    items: dict[str, DraftItem] = field(default_factory=dict)


def get_draft(batch: Batch) -> Draft:
    """Return what the batch does, with three queries however many lines it has."""
    lines = list(batch.lines.select_related("item__narrows", "before", "narrows").order_by("position"))
    kept = {line.before.rows_id for line in lines if line.before and _keeps_rows(line)}
    rows = rows_of(kept) if kept else {}
    return Draft({line.code: _item(line, rows) for line in lines})


def _item(line: BatchLine, kept: dict[int, list[dict]]) -> DraftItem:
    ends = line.kind in ENDING
    rows = [] if ends else line.after.get("rows")
    if rows is None:
        rows = kept.get(line.before.rows_id, []) if line.before else []
    return DraftItem(
        line=line,
        code=line.code,
        item_id=line.item_id,
        before=line.before,
        ends=ends,
        successors=line.after.get("successors", []),
        content=None if ends else line.after,
        rows=rows,
    )


def _keeps_rows(line: BatchLine) -> bool:
    return line.kind not in ENDING and line.after.get("rows") is None

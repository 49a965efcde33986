"""Batches with lines as they may have become since they were entered: written past the checks of entering."""

from __future__ import annotations

from datetime import date

from dutylist.choices import ENDING
from dutylist.content import contents_of, empty_content
from dutylist.models import Batch, BatchLine, ItemVersion

from .world import NOON

DAY = date(2026, 12, 1)


def make_batch(city, number: str = "2026-01", **given) -> Batch:
    """Make an empty draft of the city's list, opened by nobody unless given."""
    given = {"owner_area": city.city, "title": "调整", "effective_on": DAY, "created_at": NOON} | given
    return Batch.objects.create(number=number, **given)


def add_line(batch: Batch, kind: str, code: str, successors=(), narrows=None, entered_by=None, **changes) -> BatchLine:
    """Add a line; `changes` are laid over the newest version of the item, or over nothing."""
    before = ItemVersion.objects.newest().filter(item__code=code).first()
    content = contents_of([before])[before.pk] | {"rows": None} if before else empty_content() | {"rows": []}
    after = {} if kind in ENDING else content | changes
    return BatchLine.objects.create(
        batch=batch,
        position=batch.lines.count() + 1,
        kind=kind,
        code=code,
        item=before.item if before else None,
        before=before,
        narrows=narrows,
        after=after | {"successors": list(successors)},
        name=after.get("name", before.name if before else code),
        entered_by=entered_by,
        entered_at=NOON,
    )


def row(area, lead, *, co=(), fallback=None) -> dict:
    """Return a responsibility row as a content carries it."""
    co = [unit.pk for unit in co]
    return {"area": area.pk, "lead": lead.pk, "co": co, "fallback": fallback.pk if fallback else None, "note": ""}

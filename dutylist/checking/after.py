"""The list as it would read with a batch, loaded with a handful of queries however many lines there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q

from dutylist.choices import Source
from dutylist.content import path_text
from dutylist.coverage import Leads, Territory, leads_of
from dutylist.models import Batch, ItemVersion
from dutylist.selectors.drafts import DraftItem, get_draft

# In the order of Reading's fields, and the version whose rows hold.
COLUMNS = (
    "item__code",
    "item__owner_area",
    "item__narrows",
    "is_retired",
    "name",
    "path_text",
    "keywords",
    "confusable",
    "limit_normal",
    "limit_unit",
    "source",
    "item",
    "pk",
    "number",
    "rows_from",
)


@dataclass(slots=True)
class Reading:
    """What is compared of an item, as it stands in the list or as the batch would have it."""

    code: str
    owner_area_id: int
    narrows_id: int | None
    is_retired: bool
    name: str
    path_text: str
    keywords: list[str]
    confusable: list[str]
    limit_normal: int | None
    limit_unit: str
    source: str = ""
    item_id: int | None = None
    version_id: int | None = None
    number: int = 0
    rows_id: int = 0

    @property
    def competes(self) -> bool:
        """Whether it is one of the items a request is sorted by: no overlay, nor imported with old cases."""
        return not self.is_retired and not self.narrows_id and self.source != Source.LEGACY

    @property
    def limit(self) -> dict | None:
        """Return the limit as a fact of a finding."""
        return {"amount": self.limit_normal, "unit": self.limit_unit} if self.limit_normal else None


class ListAfter:
    """The lists that a batch can touch, before and after it: code → reading.

    These are its own list, the wider lists around it, and the overlays of its own items, whosever they are.
    """

    def __init__(self, batch: Batch, day: date):
        self.batch, self.day = batch, day
        self.draft = get_draft(batch)
        self.before = {reading.code: reading for reading in _listed(batch)}
        self.after = self.before | {code: self._drafted(item) for code, item in self.draft.items.items()}
        self.territory = Territory(batch.owner_area)

    @property
    def kept(self) -> Iterator[DraftItem]:
        """Return the lines after which the item is in force."""
        return (item for item in self.draft.items.values() if not item.ends)

    @property
    def ended(self) -> Iterator[DraftItem]:
        """Return the lines after which the item is no longer in force."""
        return (item for item in self.draft.items.values() if item.ends)

    def is_in_force(self, code: str) -> bool:
        """Whether the item would be in force after the batch."""
        return code in self.after and not self.after[code].is_retired

    @cached_property
    def overlays(self) -> dict[int, list[str]]:
        """Return item id → the overlays that narrow it after the batch."""
        found: dict[int, list[str]] = defaultdict(list)
        for reading in self.after.values():
            if reading.narrows_id and not reading.is_retired:
                found[reading.narrows_id].append(reading.code)
        return found

    @cached_property
    def codes(self) -> dict[int, str]:
        """Return item id → code."""
        return {reading.item_id: reading.code for reading in self.before.values() if reading.item_id}

    def partners(self, code: str) -> list[str]:
        """Return the overlays of an item, or the item that an overlay narrows: whose rows answer beside its own."""
        reading = self.after[code]
        if reading.narrows_id:
            return [self.codes[reading.narrows_id]] if reading.narrows_id in self.codes else []
        return self.overlays.get(reading.item_id, []) if reading.item_id else []

    def leads_before(self, code: str) -> Leads:
        """Return area → lead unit as it stands in the list now."""
        reading = self.before.get(code)
        return self._leads.get(reading.rows_id, {}) if reading and not reading.is_retired else {}

    def leads_after(self, code: str) -> Leads:
        """Return area → lead unit as the batch would have it."""
        if code not in self.draft.items:
            return self.leads_before(code)
        return {row["area"]: row["lead"] for row in self.draft.items[code].rows or ()}

    def leads_of_all(self, codes: Iterable[str]) -> dict[str, Leads]:
        """Return code → area → lead unit after the batch, for items of the list that it need not touch."""
        untouched = {code: self.before[code].rows_id for code in codes if code not in self.draft.items}
        leads = leads_of(untouched.values())
        touched = {code: self.leads_after(code) for code in codes if code in self.draft.items}
        return touched | {code: leads.get(rows_id, {}) for code, rows_id in untouched.items()}

    @cached_property
    def _leads(self) -> dict[int, Leads]:
        """Return version → area → lead unit, of the lines' items and those that answer beside them."""
        codes = {code for item in self.kept for code in (item.code, *self.partners(item.code))}
        return leads_of(self.before[code].rows_id for code in codes if code in self.before)

    def _drafted(self, item: DraftItem) -> Reading:
        there = self.before.get(item.code)
        content = item.content or {}
        return Reading(
            code=item.code,
            item_id=item.item_id,
            owner_area_id=there.owner_area_id if there else self.batch.owner_area_id,
            narrows_id=there.narrows_id if there else item.line.narrows_id,
            is_retired=item.ends,
            name=content.get("name", ""),
            path_text=path_text(content) if content else "",
            keywords=content.get("keywords") or [],
            confusable=content.get("confusable") or [],
            limit_normal=content.get("limit_normal"),
            limit_unit=content.get("limit_unit", ""),
            source=there.source if there else "",
        )


def _listed(batch: Batch) -> Iterator[Reading]:
    """Return the newest version of every item of the lists the batch can touch."""
    around = [int(part) for part in batch.owner_area.path.strip("/").split("/")]
    lists = Q(item__owner_area__in=around) | Q(item__narrows__owner_area=batch.owner_area_id)
    newest = ItemVersion.objects.filter(lists).order_by("item", "-number").distinct("item")
    for *fields, rows_from in newest.values_list(*COLUMNS):
        reading = Reading(*fields)
        reading.rows_id = rows_from or fields[-2]
        yield reading

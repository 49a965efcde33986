"""The duty list as plain ids, in force or as a draft would leave it: who answers for an item, a hundred thousand times.

The rules are those of dutylist.selectors.duties (a test holds the two against each other): the most specific area that
has a row answers; of two rows for one area the local list's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from dutylist.models import Batch, ItemVersion, Responsibility
from dutylist.selectors.drafts import Draft, DraftItem

Chain = tuple[int, ...]  # the ids of the areas around a place, widest first


@dataclass
class ListState:
    """Item code → rows (area → lead unit); base code → its overlays (code → area); ended code → its successors."""

    rows: dict[str, dict[int, int]] = field(default_factory=dict)
    overlays: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    successors: dict[str, list[str]] = field(default_factory=dict)

    def answering(self, code: str, chain: Chain, real: int | None = None) -> tuple[str, int | None]:
        """Return the item that a case of this item is judged under, and the unit that answers.

        A case of an ended item is judged under its successor; of several, under the one that names the `real` unit,
        else the first.
        """
        if code in self.rows or not self.successors.get(code):
            return code, self.lead(code, chain)
        parts = [(part, self.lead(part, chain)) for part in self.successors[code]]
        return next((part for part in parts if part[1] == real and real is not None), parts[0])

    def lead(self, code: str, chain: Chain) -> int | None:
        """Return the unit that answers for an item in force; None is a gap, or an item that is not in force."""
        if code not in self.rows:
            return None
        local = self.overlays_at(code, chain)
        layers = [self.rows[code], *(self.rows[overlay] for overlay in local)]
        answers = (layer[area] for area in reversed(chain) for layer in reversed(layers) if area in layer)
        return next(answers, None)

    def overlays_at(self, code: str, chain: Chain) -> list[str]:
        """Return the overlays of the areas around, widest first."""
        found = [(chain.index(area), overlay) for overlay, area in self.overlays.get(code, {}).items() if area in chain]
        return [overlay for _depth, overlay in sorted(found)]

    def after(self, draft: Draft) -> ListState:
        """Return the list as the draft would leave it; this one stays as it is."""
        overlays = defaultdict(dict, {code: dict(found) for code, found in self.overlays.items()})
        state = ListState(dict(self.rows), overlays, dict(self.successors))
        for item in draft.items.values():
            state.take(item)
        return state

    def take(self, item: DraftItem) -> None:
        """Let one item of a draft hold."""
        narrowed = item.line.narrows or (item.line.item.narrows if item.line.item else None)
        if item.ends:
            self.rows.pop(item.code, None)
            self.successors[item.code] = list(item.successors)
            if narrowed:
                self.overlays[narrowed.code].pop(item.code, None)
            return
        self.rows[item.code] = {row["area"]: row["lead"] for row in item.rows}
        if narrowed:
            own = item.line.item.owner_area_id if item.line.item else item.line.batch.owner_area_id
            self.overlays[narrowed.code][item.code] = own


def read_list(codes: Iterable[str], on: date) -> ListState:
    """Return what the list in force on the day `on` says of these items, with two queries."""
    state, codes = ListState(), set(codes)
    versions = ItemVersion.objects.in_force(on).filter(Q(item__code__in=codes) | Q(item__narrows__code__in=codes))
    by_rows: dict[int, list[str]] = defaultdict(list)
    columns = ("pk", "rows_from", "item__code", "item__narrows__code", "item__owner_area")
    for pk, rows_from, code, narrowed, area in versions.values_list(*columns):
        state.rows[code] = {}
        by_rows[rows_from or pk].append(code)
        if narrowed:
            state.overlays[narrowed][code] = area
    rows = Responsibility.objects.filter(version__in=by_rows).values_list("version", "area", "lead_unit")
    for version_id, area_id, unit_id in rows.iterator(chunk_size=20_000):
        for code in by_rows[version_id]:
            state.rows[code][area_id] = unit_id
    return state


def states_of(batch: Batch, draft: Draft, codes: Iterable[str], on: date) -> tuple[ListState, ListState]:
    """Return the list in force and the list after the draft, as far as these items and the batch go."""
    needed = {*codes, *draft.items}
    for item in draft.items.values():
        item.line.batch = batch  # known: whose list it is, without asking for every line
        needed.update(item.successors)
    before = read_list(needed, on)
    return before, before.after(draft)

"""The records that a decision rests on: which cell answers for an item at a place, and what it says. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dispatch.choices import CellState, ItemBasis, NeedsPerson, ShutReason
from dispatch.drafts import Draft
from dispatch.models import GateCell, GateSwitch
from grid.choices import Level
from grid.models import Area

from .figures import Thresholds, thresholds
from .sampling import is_sampled

NARROWEST = Level.COMMUNITY
SHUT_CODES = {
    ShutReason.PRECISION: "cell_imprecise",
    ShutReason.RETURN: "cell_returned",
    ShutReason.VERSION: "cell_new_version",
    ShutReason.UNIT: "cell_new_unit",
}


def chain_of(area: Area | None) -> list[int | None]:
    """Return the areas whose cells hear of a case at `area`: community, subdistrict, district, None for the city."""
    parts = [int(part) for part in area.path.strip("/").split("/")] if area else []
    return [*reversed(parts[1:NARROWEST]), None]


def get_switch() -> GateSwitch | None:
    """Return the last turn of the switch; None while it was never touched, which means on."""
    return GateSwitch.objects.order_by("-id").first()


class Gate:
    """The gate for some drafts: the switch and all their cells are read at once, with two statements."""

    def __init__(self, drafts: Iterable[Draft], now: datetime):
        self.now = now
        self.drafts = [draft for draft in drafts if draft.unit is not None]
        self.cells: dict[tuple, GateCell] = {}
        self.figures: Thresholds | None = None
        self.switch: GateSwitch | None = None

    def judge(self) -> None:
        """Let each draft through, or stop it with the reason."""
        if not self.drafts:
            return
        self.figures, self.switch = thresholds(timezone.localdate(self.now)), get_switch()
        if self.switch and not self.switch.is_on:
            for draft in self.drafts:
                draft.stop(NeedsPerson.SWITCHED_OFF, "switched_off", who=self.switch.by, note=self.switch.reason)
            return
        self.cells = _read(self.drafts)
        for draft in self.drafts:
            self._judge(draft, self.figures)

    def _judge(self, draft: Draft, figures: Thresholds) -> None:
        key = (draft.basis, draft.item_id)
        found = [self.cells[*key, area] for area in chain_of(draft.case.area) if (*key, area) in self.cells]
        cell = answering(found, figures.least)
        state, shut = state_now(cell, draft)
        if draft.basis == ItemBasis.SUGGESTED and any(_has_other_unit(one, draft) for one in found):
            state, shut = CellState.SHUT, ShutReason.UNIT
        draft.gate = _facts(draft, cell, state)
        if draft.basis == ItemBasis.SUGGESTED and state == CellState.EARNING:
            facts = {"hits": cell.hits if cell else 0, "cases": cell.cases if cell else 0}
            why = NeedsPerson.NOT_EARNED if cell else NeedsPerson.NO_ITEM
            draft.stop(why, "cell_not_earned", **facts)
        elif state == CellState.SHUT:
            draft.stop(NeedsPerson.SHUT, SHUT_CODES[ShutReason(shut)], **_told(cell))
        else:
            self._sample(draft, cell, figures)

    def _sample(self, draft: Draft, cell: GateCell | None, figures: Thresholds) -> None:
        """Give a fixed share of what would be automatic to a person."""
        share = figures.audited if draft.basis == ItemBasis.SUGGESTED else figures.audited_chosen
        if is_sampled(draft.case.number, share):
            draft.stop(NeedsPerson.AUDIT_SAMPLE, "audit_sample", unit=draft.unit)
        elif draft.basis == ItemBasis.SUGGESTED:
            draft.say("cell_earned", **_told(cell))


def get_records(item_ids: Iterable[int], area: Area | None, on: date) -> dict[int, GateCell]:
    """Return item id → the cell that answers for it at a place when the machine names the item; one statement."""
    chain = chain_of(area)
    around = Q(area=None) | Q(area__in=[key for key in chain if key is not None])
    found: dict[int, list[GateCell]] = {}
    for cell in GateCell.objects.filter(around, item__in=item_ids, basis=ItemBasis.SUGGESTED):
        found.setdefault(cell.item_id, []).append(cell)
    least = thresholds(on).least
    for cells in found.values():
        cells.sort(key=lambda cell: chain.index(cell.area_id))
    return {item_id: answer for item_id, cells in found.items() if (answer := answering(cells, least))}


def answering(cells: Sequence[GateCell], least: int) -> GateCell | None:
    """Return the cell that answers, of those around a place, narrowest first.

    The narrowest with enough cases, or that waits for cases after a return; where none has enough, the widest.
    """
    return next((cell for cell in cells if cell.wait or cell.cases >= least), cells[-1] if cells else None)


def state_now(cell: GateCell | None, draft: Draft) -> tuple[str, str]:
    """Return the state of a cell for a draft, and why it is shut; what it earned with another version is gone."""
    if cell is None:
        return CellState.EARNING, ShutReason.NONE
    changed = _changed(cell, draft)
    if changed and draft.basis == ItemBasis.CHOSEN:
        return CellState.EARNING, ShutReason.NONE
    if changed and cell.state == CellState.ON:
        return CellState.SHUT, changed
    return cell.state, cell.reason


def _changed(cell: GateCell, draft: Draft) -> str:
    if draft.version is not None and cell.version_id != draft.version.pk:
        return ShutReason.VERSION
    return ShutReason.UNIT if _has_other_unit(cell, draft) else ShutReason.NONE


def _has_other_unit(cell: GateCell, draft: Draft) -> bool:
    """Whether another unit is responsible now than when the cell earned its record."""
    return cell.unit_id is not None and draft.unit is not None and cell.unit_id != draft.unit.pk


def _read(drafts: Sequence[Draft]) -> dict[tuple, GateCell]:
    """Return (basis, item, area) → cell for all the drafts, with one statement."""
    areas = {area for draft in drafts for area in chain_of(draft.case.area)}
    items = {draft.item_id for draft in drafts}
    cells = GateCell.objects.filter(Q(area__in=areas - {None}) | Q(area=None), item__in=items)
    return {(cell.basis, cell.item_id, cell.area_id): cell for cell in cells}


def _facts(draft: Draft, cell: GateCell | None, state: str) -> dict:
    """Return what is kept of the gate with the decision."""
    facts: dict[str, Any] = {"basis": draft.basis, "state": state}
    if cell is not None:
        facts |= {"cell": cell.pk, "area": cell.area_id, "cases": cell.cases, "hits": cell.hits}
        facts |= {"bound": round(cell.bound, 4)}
    return facts


def _told(cell: GateCell | None) -> dict:
    if cell is None:
        return {}
    return {"hits": cell.hits, "cases": cell.cases, "bound": f"{cell.bound:.2f}"}

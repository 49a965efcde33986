"""What one confirmed case does to the record of a cell. No database here: a cell is changed, the caller saves it."""

from __future__ import annotations

from dispatch.choices import CellState, Evidence, ItemBasis, ShutReason
from dispatch.models import GateCell, GateOutcome

from .figures import Thresholds, wilson_bound


def learn(cell: GateCell, outcome: GateOutcome, figures: Thresholds, *, is_narrowest: bool, shuts: bool) -> None:
    """Add an outcome. `is_narrowest`: the cell stands for the very place; `shuts`: a return shuts this cell.

    What was earned with another version of the item, or at the very place with another unit, is forgotten first.
    """
    before = cell.state
    _begin_afresh(cell, outcome, is_narrowest)
    cell.window = (cell.window + "01"[outcome.is_right])[-figures.window :]
    cell.cases, cell.hits = len(cell.window), cell.window.count("1")
    cell.bound = wilson_bound(cell.hits, cell.cases)
    cell.last_at = max(cell.last_at, outcome.at)
    if outcome.evidence == Evidence.RETURNED:
        cell.wait = figures.least if shuts else cell.wait
    else:
        cell.wait = max(0, cell.wait - 1)
    _decide(cell, figures)
    if cell.state != before:
        cell.changed_at = outcome.at


def _begin_afresh(cell: GateCell, outcome: GateOutcome, is_narrowest: bool) -> None:
    why = ShutReason.NONE
    if cell.version_id != outcome.said_version_id:
        why = ShutReason.VERSION
    elif is_narrowest and None not in (cell.unit_id, outcome.said_unit_id) and cell.unit_id != outcome.said_unit_id:
        why = ShutReason.UNIT
    if why:
        was_known = bool(cell.window)
        cell.window, cell.wait, cell.state = "", 0, CellState.EARNING
        cell.reason = why if was_known else ShutReason.NONE
    cell.version_id = outcome.said_version_id
    if is_narrowest and outcome.said_unit_id:
        cell.unit_id = outcome.said_unit_id


def _decide(cell: GateCell, figures: Thresholds) -> None:
    if cell.wait:
        cell.state, cell.reason = CellState.SHUT, ShutReason.RETURN
    elif cell.basis == ItemBasis.SUGGESTED:
        _decide_suggested(cell, figures)
    else:
        _decide_chosen(cell, figures)


def _decide_suggested(cell: GateCell, figures: Thresholds) -> None:
    """Open at the upper threshold, shut below the lower one: between them it stays as it was."""
    if cell.cases >= figures.least and cell.bound >= figures.on:
        cell.state, cell.reason = CellState.ON, ShutReason.NONE
    elif cell.state == CellState.ON and cell.bound < figures.off:
        cell.state, cell.reason = CellState.SHUT, ShutReason.PRECISION


def _decide_chosen(cell: GateCell, figures: Thresholds) -> None:
    """Shut where the plain share is too low: somebody answers for the item, so it need not be earned first."""
    share = cell.share
    if cell.cases >= figures.least and share < figures.off:
        cell.state, cell.reason = CellState.SHUT, ShutReason.PRECISION
    elif cell.state == CellState.SHUT and (cell.reason == ShutReason.RETURN or share >= figures.on):
        cell.state, cell.reason = CellState.EARNING, ShutReason.NONE

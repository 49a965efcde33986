"""Writing what the machine has earned: confirmed cases as outcomes, outcomes into cells, the switch.

Outcomes are rows that dispatch adds without a lock; a job counts them into the cells. So two workers never wait for
each other because they dispatch cases of one item.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import CellState, DecisionMode, DecisionOutcome, Evidence, ItemBasis, NeedsPerson
from dispatch.drafts import Draft
from dispatch.gate.cells import chain_of
from dispatch.gate.figures import Thresholds, thresholds
from dispatch.gate.learning import learn
from dispatch.models import Decision, GateCell, GateOutcome, GateSwitch
from dispatch.signals import outcomes_noted
from dutylist.selectors import versions_in_force
from grid import access
from grid.choices import Act, Level
from grid.models import Area, Unit
from intake.choices import ConfirmedBy
from intake.models import Case, Confirmation
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import STAFF, Actor
from shenzhen_gov.core.bulk import update_objects
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused

from .gate_notices import tell_shut, tell_switched

AT_ONCE = 500
REASON_LIMIT = 300
COUNTED = ("version", "unit", "window", "cases", "hits", "bound", "state", "reason", "wait", "changed_at", "last_at")


def note_confirmed(case: Case, unit: Unit, *, item_id: int | None = None, by: Actor, now: datetime) -> None:
    """Note what a dispatcher decided beside what the machine would have said. Within the transaction of the decision.

    What the machine dispatched itself and somebody took back is `note_return`'s; other actors teach nothing.
    """
    if by.kind != STAFF:
        return
    made = Decision.objects.filter(case=case, round=case.round, mode=DecisionMode.AUTOMATIC)
    said = made.select_related("responsibility", "item_version").order_by("-id").first()
    if said is None or said.outcome == DecisionOutcome.DISPATCHED:
        return
    outcome = _said(said, case)
    if outcome is None:
        return
    item_id = item_id or case.item_id
    outcome.unit, outcome.item_id = unit, item_id
    outcome.is_right = outcome.said_unit_id == unit.pk and item_id in (None, outcome.said_item_id)
    outcome.evidence = Evidence.AUDITED if said.needs_person == NeedsPerson.AUDIT_SAMPLE else Evidence.CONFIRMED
    outcome.rank = _rank(said.candidates, item_id)
    outcome.is_counted = outcome.said_unit_id is None  # it had no answer that could be right or wrong
    _write([outcome], by=by, now=now)
    _wake()


def note_return(case_id: int, now: datetime) -> None:
    """Note that a unit gave a case back and the level above agreed: what the machine decided was wrong."""
    made = Decision.objects.filter(case=case_id, outcome=DecisionOutcome.DISPATCHED)
    last = made.select_related("item_version", "case").order_by("-id").first()
    if last is None or last.mode != DecisionMode.AUTOMATIC or last.item_version is None:
        return
    outcome = GateOutcome(
        case=last.case, round=last.round, decision=last, evidence=Evidence.RETURNED,
        basis=last.gate.get("basis", ItemBasis.CHOSEN), area_id=last.area_id, said_item_id=last.item_version.item_id,
        said_version=last.item_version, said_unit_id=last.unit_id, is_right=False, confidence=_confidence(last.gate),
    )  # fmt: skip
    _write([outcome], by=Actor.system("return"), now=now)
    _wake()


def note_registered(drafts: Sequence[Draft], *, by: Actor, now: datetime) -> None:
    """Note for many cases what was suggested first and which item the agent chose; as many statements for all."""
    mine = {draft.case.pk: draft for draft in drafts if draft.basis == ItemBasis.CHOSEN and draft.case.due_at is None}
    chosen = Confirmation.objects.filter(case__in=mine, confirmed_by=ConfirmedBy.AGENT, suggested__isnull=False)
    rows = list(chosen.values_list("case_id", "suggested_id", "item_id", "confirmed_at"))
    versions = versions_in_force({said for _case, said, _item, _at in rows}, timezone.localdate(now)) if rows else {}
    outcomes = []
    for case_id, said, item, at in rows:
        draft = mine[case_id]
        if said in versions and (draft.row is not None or said != item):
            outcomes.append(_registered(draft, versions[said], item, at))
    _write(outcomes, by=by, now=now)


def _registered(draft: Draft, version, item_id: int, at: datetime) -> GateOutcome:
    is_right = version.item_id == item_id
    unit = draft.row.lead_unit if draft.row else None
    return GateOutcome(
        case=draft.case, round=draft.case.round, evidence=Evidence.AGENT, basis=ItemBasis.SUGGESTED,
        area=draft.case.area, said_item_id=version.item_id, said_version=version,
        said_unit=unit if is_right else None, item_id=item_id, unit=unit, is_right=is_right,
        rank=1 if is_right else None, at=at,
    )  # fmt: skip


def _said(decision: Decision, case: Case) -> GateOutcome | None:
    """Return what the machine would have done with a case that it gave to a person; None where it knew no item."""
    outcome = GateOutcome(case=case, round=decision.round, decision=decision, area_id=decision.area_id)
    outcome.confidence = _confidence(decision.gate)
    if decision.candidates:
        first = decision.candidates[0]
        outcome.basis, outcome.said_item_id = ItemBasis.SUGGESTED, first["item"]
        outcome.said_version_id, outcome.said_unit_id = first.get("version"), first.get("unit")
        return outcome
    if decision.item_version is None:
        return None
    outcome.basis, outcome.said_item_id = ItemBasis.CHOSEN, decision.item_version.item_id
    outcome.said_version = decision.item_version
    outcome.said_unit_id = decision.responsibility.lead_unit_id if decision.responsibility else None
    return outcome


def _confidence(gate: dict) -> float | None:
    """Return the share of right ones in the cell at that time."""
    return gate["hits"] / gate["cases"] if gate.get("cases") else None


def _rank(candidates: Sequence[dict], item_id: int | None) -> int | None:
    if not candidates:
        return None
    return next((place for place, one in enumerate(candidates, 1) if one["item"] == item_id), 0)


def _write(outcomes: Iterable[GateOutcome], *, by: Actor, now: datetime) -> None:
    rows = list(outcomes)
    for row in rows:
        row.at, row.by = row.at or now, by.name[:120]
    if rows:
        GateOutcome.objects.bulk_create(rows, ignore_conflicts=True)


def _wake() -> None:
    transaction.on_commit(partial(outcomes_noted.send_robust, sender=GateOutcome), robust=True)


@transaction.atomic
def count_outcomes(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Add up to `limit` outcomes to their cells, oldest first; returns how many. Safe in any number of processes."""
    rows = GateOutcome.objects.filter(is_counted=False).select_related("area", "decision").order_by("id")
    outcomes = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
    if not outcomes:
        return 0
    cells, figures = _cells_of(outcomes), thresholds(timezone.localdate(now))
    was_open = [cell for cell in cells.values() if cell.state != CellState.SHUT]
    for outcome in outcomes:
        _count(outcome, cells, figures)
    tell_shut([cell for cell in was_open if cell.state == CellState.SHUT], now=now)
    update_objects(list(cells.values()), COUNTED)
    GateOutcome.objects.filter(pk__in=[outcome.pk for outcome in outcomes]).update(is_counted=True)
    return len(outcomes)


def _count(outcome: GateOutcome, cells: dict[tuple, GateCell], figures: Thresholds) -> None:
    around = chain_of(outcome.area)
    let_through = outcome.decision.gate.get("cell") if outcome.decision else None
    for place, area_id in enumerate(around):
        cell = cells[outcome.basis, outcome.said_item_id, area_id]
        is_narrowest = place == 0 and area_id is not None
        shuts = place == 0 or cell.pk == let_through
        learn(cell, outcome, figures, is_narrowest=is_narrowest, shuts=shuts)


def _cells_of(outcomes: Sequence[GateOutcome]) -> dict[tuple, GateCell]:
    """Return (basis, item, area) → locked cell of all that the outcomes belong to, made where it is missing."""
    keys: dict[tuple, GateOutcome] = {}
    for outcome in outcomes:
        for area_id in chain_of(outcome.area):
            keys.setdefault((outcome.basis, outcome.said_item_id, area_id), outcome)
    GateCell.objects.bulk_create(
        [
            GateCell(
                basis=basis, item_id=item_id, area_id=area_id, version_id=outcome.said_version_id,
                changed_at=outcome.at, last_at=outcome.at,
            )
            for (basis, item_id, area_id), outcome in keys.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    locked = GateCell.objects.filter(item__in={item_id for _basis, item_id, _area in keys}).order_by("id")
    found = {(cell.basis, cell.item_id, cell.area_id): cell for cell in locked.select_for_update(of=("self",))}
    return {key: found[key] for key in keys}


@transaction.atomic
def switch_gate(is_on: bool, *, reason: str, by: Actor, now: datetime) -> GateSwitch:
    """Stop all automatic dispatch, or allow it again, in the whole city, at once.

    Raises BadInput (field "reason") without a reason, Refused when it stands so already.
    """
    city = Area.objects.filter(level=Level.CITY).first()
    if reason_why := access.why_not(by, (Act.PUBLISH_RULES.value,), city):
        raise NotAllowed(reason_why)
    if not 0 < len(reason.strip()) <= REASON_LIMIT or "\x00" in reason:
        raise BadInput(_("Give the reason in 1 to %(limit)s characters.") % {"limit": REASON_LIMIT}, field="reason")
    last = GateSwitch.objects.select_for_update().order_by("-id").first()
    if (last.is_on if last else True) == is_on:
        raise Refused(_("Automatic dispatch is on already.") if is_on else _("Automatic dispatch is off already."))
    turned = GateSwitch.objects.create(is_on=is_on, at=now, by=by.name[:120], reason=reason.strip())
    action = "gate.switched_on" if is_on else "gate.switched_off"
    audit.record(action, turned, by=by, now=now, note=turned.reason)
    tell_switched(turned, now=now)
    return turned

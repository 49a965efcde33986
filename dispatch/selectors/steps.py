"""The button bar of a case: which steps are offered to whom, which one is next, and why one is off."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.choices import WorkRole
from dispatch.models import WorkOrder
from dispatch.workflow import (
    ACTIVE_STATES,
    HANDED_DOWN,
    HANDLING,
    OPEN_STATES,
    PENDING_SIGN,
    UNDER_REVIEW,
    WORK_ORDER,
)
from grid.access import why_not
from grid.choices import Act, UnitKind
from grid.models import Area, Staff, Unit
from grid.selectors import area_at, area_by_house_code
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined
from shenzhen_gov.core.workflow import Move

from .requests import may_be_asked
from .reviews import why_not_review
from .supervision import is_offered

TO_OFFICER, URGE_OFFICER = _("To a grid officer"), _("Urge the grid officer")
KEYS = {
    "sign": "S", "arrive": "V", "contact": "C", "tell": "M", "hand_down": "G", "report": "R", "approve": "A",
    "send_back": "B", "accept_part": "Y", "close_spot": "Y", "urge_below": "H", "refuse_part": "N", "take_back": "Z",
    "add_co": "X", "order": "F", "refuse_entry": "T", "ask_return": "1", "ask_extend": "2", "ask_suspend": "3",
    "ask_stage_close": "4", "ask_part_return": "8", "ask_void": "5",
}  # fmt: skip
# Steps on the case itself (intake's table), offered beside those of the work order: {"urge": "U", …}.
CASE_KEYS: dict[str, str] = {
    "urge": "U",
    "supervise": "V",
    "confirm_supervision": "Y",
    "end_supervision": "E",
    "circulate": "L",
    "instruct": "I",
    "answer_instruction": "N",
    "redo": "D",
    "annotate": "W",
    "wake": "P",
    "ask_void": "6",
    "appeal": "7",
    "appeal_in_redo": "7",
}
REVIEWS = {"approve", "send_back", "accept_part", "refuse_part"}
FOR_CALLERS = {"take_back", "close_spot"}  # of whoever asked for a part
# What kind of work order a step is for: where it is for another kind, it is not offered at all.
KIND_NEEDS = {"is_lead", "is_part", "is_co_handler", "is_spot_order"}
# What the form of the step itself can mend: the step is offered, and the service checks again with what was entered.
MENDED_BY_FORM = {"report": {"photos_of_facility", "citizen_told"}}
NEXT_REVIEW: dict[str, str] = {WorkRole.LEAD: "approve", WorkRole.CO: "accept_part", WorkRole.ORDER: "close_spot"}


@dataclass(frozen=True)
class Step:
    """One button: allowed, or off with the reason; `permitted` is False when only a role is missing."""

    name: str
    label: str | Promise
    key: str
    reason: str | Promise | None
    permitted: bool
    is_next: bool

    @property
    def allowed(self) -> bool:
        """Whether it may be pressed."""
        return self.reason is None

    @property
    def opens_form(self) -> bool:
        """Whether it asks for something before it is done."""
        return self.name != "sign"

    @property
    def is_asked(self) -> bool:
        """Whether the level above decides: such steps stand together in a menu."""
        return self.name.startswith("ask_")


def choose_work_order(work_orders: list[WorkOrder], by: Actor, wanted: str | None = None) -> WorkOrder | None:
    """Return the open work order with the id `wanted`; else the active one this person may act on.

    A lead comes before parts, which are judged from their own rows on the page, and the deepest first; a lead that was
    handed down last. Where nothing may be done, the deepest active one.
    """
    for row in work_orders:
        if str(row.pk) == wanted and row.state in OPEN_STATES:
            return row
    in_order = sorted(work_orders, key=lambda row: (row.role != WorkRole.LEAD, -row.seq))
    active = [row for row in in_order if row.state in ACTIVE_STATES]
    handed_down = [row for row in in_order if row.state == HANDED_DOWN]
    for row in (*active, *handed_down):
        if any(_is_for(move, row) and _refusal(move, row, by) is None for move in WORK_ORDER.moves.values()):
            return row
    return active[0] if active else None


def get_steps(work_order: WorkOrder, by: Actor) -> list[Step]:
    """Return the buttons of a work order in the order of the work."""
    following = next_step(work_order)
    steps: list[Step] = []
    answers: dict[str, str | Promise | None] = {}
    for move in WORK_ORDER.moves.values():
        if _is_for(move, work_order) and _makes_sense(move, work_order):
            refused = _refusal(move, work_order, by)
            reason = refused or _unmet_need(move, work_order, answers)
            label = _label(move, work_order)
            steps.append(Step(move.name, label, KEYS[move.name], reason, refused is None, move.name == following))
    return sorted(steps, key=lambda step: not step.is_next)


def get_case_steps(case: Case, by: Actor) -> list[Step]:
    """Return the buttons of the case itself for whoever holds the act: urging, supervising, annotating and so on."""
    steps = []
    for name, key in CASE_KEYS.items():
        move = CASE.moves[name]
        is_theirs = case.state in move.from_states and why_not(by, move.acts, case) is None
        if is_theirs and is_offered(name, case) and may_be_asked(name, case, by):
            steps.append(Step(name, move.label, key, CASE.why_not(name, case), True, False))
    return steps


def next_step(work_order: WorkOrder) -> str | None:
    """Return the name of the next legal step: the one filled button."""
    if work_order.state == PENDING_SIGN:
        return "sign"
    if work_order.state == HANDLING:
        if work_order.role == WorkRole.LEAD:
            return "report" if work_order.contacted_at else "contact"
        has_come = work_order.role == WorkRole.CO or work_order.co_task.arrived_at
        return "report" if has_come else "arrive"
    return NEXT_REVIEW[work_order.role] if work_order.state == UNDER_REVIEW else None


def acting_unit(work_order: WorkOrder, step: str) -> Unit | WorkOrder:
    """Return where the role counts: the reviewing unit for a review, the asking one for a part, else the holder.

    A call to the spot may come from the unit of the place as well, whoever has the case.
    """
    if step == "order":
        return work_order
    if step in FOR_CALLERS:
        return work_order.co_task.caller
    return work_order.review_unit if step in REVIEWS and work_order.review_unit else work_order.unit


def find_units_below(user, work_order: WorkOrder, on: date) -> QuerySet[Unit]:
    """Return the units a work order can be handed down to."""
    return (
        Unit.objects.visible_to(user)
        .below(work_order.unit)
        .exclude(pk=work_order.unit_id)
        .open_on(on)
        .select_related("home_area")
        .order_by("path")
    )


def _label(move: Move, work_order: WorkOrder) -> str | Promise:
    """Return what a step is called: what a community hands down goes to a grid officer."""
    of_community = {"hand_down": TO_OFFICER, "urge_below": URGE_OFFICER}
    return of_community.get(move.name, move.label) if work_order.unit.kind == UnitKind.COMMUNITY else move.label


def _is_for(move: Move, work_order: WorkOrder) -> bool:
    """Whether the step is a button of such a work order in its state; asks nothing of the database."""
    if move.name not in KEYS or work_order.state not in move.from_states:
        return False
    return not any(WORK_ORDER.needs[need](work_order) for need in KIND_NEEDS.intersection(move.needs))


def _refusal(move: Move, work_order: WorkOrder, by: Actor) -> str | Promise | None:
    """Return which role lacks for the step, or None. An arrival is noted by the department or by who called it."""
    if move.name == "arrive" and why_not(by, (Act.ORDER_DEPARTMENT,), work_order.co_task.caller) is None:
        return None
    lacking = why_not(by, move.acts, acting_unit(work_order, move.name))
    return why_not_review(work_order, by) if lacking is None and move.name in REVIEWS else lacking


def _makes_sense(move: Move, work_order: WorkOrder) -> bool:
    """Whether the step makes sense here at all: a unit with nothing below is never asked to hand down."""
    if move.name == "refuse_entry":
        return work_order.unit.kind == UnitKind.COMMUNITY and work_order.case.item_id is not None
    return move.name != "hand_down" or _has_units_below(work_order)


def _has_units_below(work_order: WorkOrder) -> bool:
    """Whether there is somebody to hand down to; the page of a case has read it with the work order."""
    read = getattr(work_order, "has_units_below", None)
    return Unit.objects.filter(parent=work_order.unit_id).exists() if read is None else read


def _unmet_need(move: Move, work_order: WorkOrder, answers: dict) -> str | Promise | None:
    """Return why a permitted step is off, or None. `answers`: what is known already, for steps share their needs."""
    for need in move.needs:
        if need in MENDED_BY_FORM.get(move.name, ()):
            continue
        if need not in answers:
            answers[need] = WORK_ORDER.needs[need](work_order)
        if answers[need]:
            return answers[need]
    return None


def nearest_unit(units: list[Unit], work_order: WorkOrder) -> int | None:
    """Return the unit to propose: the one whose home area is the narrowest around the place of the case."""
    area = area_of_place(work_order)
    around = [unit for unit in units if area is not None and area.path.startswith(unit.home_area.path)]
    return max(around, key=lambda unit: (len(unit.home_area.path), unit.is_territorial)).pk if around else None


def name_officers(units: list[Unit]) -> dict[int, str]:
    """Return team id → the names of who walks its cell, for units of kind cell."""
    teams = [unit.pk for unit in units if unit.kind == UnitKind.CELL]
    names: dict[int | None, list[str]] = {}
    for person in Staff.objects.filter(unit__in=teams, is_active=True).order_by("pk") if teams else ():
        names.setdefault(person.unit_id, []).append(person.get_full_name() or person.get_username())
    return {pk: joined(names[pk][:3]) for pk in teams if pk in names}


def area_of_place(work_order: WorkOrder) -> Area | None:
    """Return the smallest area known around the place of a case: by its house code, by its point, else its own."""
    case = work_order.case
    found = None
    if case.house_code:
        with suppress(BadInput):
            found = area_by_house_code(case.house_code)
    if found is None and case.longitude is not None and case.latitude is not None:
        found = area_at(case.longitude, case.latitude)
    own = work_order.area
    return found if found is not None and (own is None or found.path.startswith(own.path)) else own


# What the one filled button of a row in the queue is called.
NEXT_STEPS = {name: WORK_ORDER.moves[name].label for name in KEYS}
CASE_STEPS = {name: CASE.moves[name].label for name in CASE_KEYS}

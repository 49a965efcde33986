"""The supervision desk: what is nearly or quite over, by unit and level, and what the line above has said about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import ClockKind, ClockOutcome
from dispatch.models import Clock, Instruction, Round, Supervision, Urge, WorkOrder
from dispatch.querysets import WorkOrderQuerySet
from dispatch.workflow import ACTIVE_STATES, UNDER_REVIEW
from grid.access import areas_with, holds_everywhere, units_with
from grid.choices import Act, Level
from grid.models import Staff, Unit
from intake.models import Case
from shenzhen_gov.core.lists import Sort

from .queue import CAP, CappedCount

LOOKED_AT = 10_000  # the worst ones are counted by unit; beyond, the figure would cost more than it says
UNITS_SHOWN = 12
CASE_PARTS = ("case__channel", "case__area", "case__holder")
UNSEEN = ("case__content", "case__legacy")


@dataclass(frozen=True)
class DeskRow:
    """One line of the desk, whatever it comes from."""

    case: Case
    unit: Unit | None
    what: str
    text: str = ""
    by: str = ""
    at: datetime | None = None
    due_at: datetime | None = None
    yellow_at: datetime | None = None


@dataclass(frozen=True)
class Tab:
    """One tab: its rows for somebody, their order, how one is shown, and how the figure is coloured."""

    code: str
    label: str | Promise
    rows: Callable[[Scope, datetime], QuerySet]
    sort: Sort
    shown: Callable[[Any], DeskRow]
    tone: str = ""
    is_urged: bool = True  # whether its cases are open, so that they may be ticked and urged


class Scope:
    """What somebody supervises: everything, or the units and areas below their grants; narrowed by level and unit."""

    def __init__(self, user, *, level: int | None = None, of: int | None = None):
        self.user, self.level, self.of = user, level, of
        self.everywhere = holds_everywhere(user, Act.SUPERVISE_CASE)

    @cached_property
    def units(self) -> list[int]:
        """Return the ids of the units below the grants."""
        return list(units_with(self.user, Act.SUPERVISE_CASE).values_list("pk", flat=True))

    @cached_property
    def areas(self) -> list[int]:
        """Return the ids of the areas of the territories."""
        return list(areas_with(self.user, Act.SUPERVISE_CASE).values_list("pk", flat=True))

    def orders(self) -> WorkOrderQuerySet:
        """Return the work orders on which somebody must act: of a case handed down the lowest, so each case once."""
        rows = WorkOrder.objects.filter(state__in=ACTIVE_STATES)
        if not self.everywhere:
            rows = rows.filter(unit__in=self.units)
        if self.level:
            rows = rows.filter(unit__level=self.level)
        if self.of:
            reviewed = Q(state=UNDER_REVIEW, review_unit=self.of)
            rows = rows.filter(reviewed | (Q(unit=self.of) & ~Q(state=UNDER_REVIEW)))
        return rows

    def of_cases(self, rows: QuerySet) -> QuerySet:
        """Return the rows whose cases are looked after."""
        if not self.everywhere:
            rows = rows.filter(Q(case__holder__in=self.units) | Q(case__area__in=self.areas))
        if self.level:
            rows = rows.filter(case__holder__level=self.level)
        return rows.filter(case__holder=self.of) if self.of else rows


def _late(scope: Scope, now: datetime) -> QuerySet:
    return scope.orders().overdue(now)


def _soon(scope: Scope, now: datetime) -> QuerySet:
    return scope.orders().warned(now)


def _waiting(scope: Scope, now: datetime) -> QuerySet:
    kinds = (ClockKind.DISPATCH, ClockKind.ACCEPT)
    return scope.of_cases(Clock.objects.filter(outcome=ClockOutcome.RUNNING, work_order=None, kind__in=kinds))


def _order_row(order: WorkOrder) -> DeskRow:
    unit = order.review_unit if order.state == UNDER_REVIEW and order.review_unit else order.unit
    clock = str(ClockKind(order.next_clock).label) if order.next_clock else ""
    return DeskRow(
        order.case, unit, clock, order.get_state_display(), due_at=order.next_due_at, yellow_at=order.next_yellow_at
    )


def _clock_row(clock: Clock) -> DeskRow:
    holder, state = clock.case.holder, clock.case.get_state_display()
    return DeskRow(clock.case, holder, clock.get_kind_display(), state, due_at=clock.due_at, yellow_at=clock.yellow_at)


def _urge_row(urge: Urge) -> DeskRow:
    return DeskRow(urge.case, urge.unit, urge.get_kind_display(), urge.text, urge.by, urge.at)


def _supervision_row(order: Supervision) -> DeskRow:
    what = _("confirmed") if order.confirmed_at else _("to be confirmed")
    return DeskRow(
        order.case, order.unit, f"{order.get_reason_display()} · {what}", order.text, order.opened_by, order.opened_at,
        due_at=order.due_at, yellow_at=order.due_at,
    )  # fmt: skip


def _instruction_row(given: Instruction) -> DeskRow:
    return DeskRow(given.case, given.unit, str(_("Instruction to be answered")), given.text, given.by, given.at)


def _round_row(found: Round) -> DeskRow:
    state = found.case.get_state_display()
    return DeskRow(
        found.case, found.case.holder, str(_("Round %(n)s") % {"n": found.number}), state, at=found.closed_at
    )


NEWEST = Sort("newest", _("Newest first"), ("-id",))
DUE = Sort("due", _("Deadline"), ("due_at", "id"))
TABS = (
    Tab("red", _("Overdue"), _late, Sort("due", _("Deadline"), ("next_due_at", "id")), _order_row, "bad"),
    Tab("yellow", _("Due soon"), _soon, Sort("due", _("Deadline"), ("next_due_at", "id")), _order_row, "warn"),
    Tab("waiting", _("No unit"), _waiting, DUE, _clock_row, "warn"),
    Tab(
        "supervised", _("Supervised"),
        lambda scope, now: scope.of_cases(Supervision.objects.filter(ended_at=None).select_related("unit")), DUE,
        _supervision_row, "info",
    ),
    Tab(
        "dissatisfied", _("Dissatisfied twice"),
        lambda scope, now: scope.of_cases(Round.objects.filter(number__gte=2, satisfied=False)), NEWEST, _round_row,
        "info", is_urged=False,
    ),
    Tab(
        "instructed", pgettext_lazy("tab", "Instructions"),
        lambda scope, now: scope.of_cases(
            Instruction.objects.filter(asks_reply=True, replied_at=None).select_related("unit")
        ),
        NEWEST, _instruction_row,
    ),
    Tab(
        "urged", pgettext_lazy("tab", "Urges"),
        lambda scope, now: scope.of_cases(Urge.objects.select_related("unit")), NEWEST, _urge_row, is_urged=False,
    ),
)  # fmt: skip


def get_tab(code: str | None, counts: dict[str, int]) -> Tab:
    """Return the tab asked for, else the first that has rows."""
    found = [tab for tab in TABS if tab.code == code] or [tab for tab in TABS if counts.get(tab.code)]
    return (found or list(TABS))[0]


def count_tabs(scope: Scope, now: datetime) -> dict[str, int]:
    """Return tab code → number of rows, at most CAP, with one statement."""
    counts = {f"in_{tab.code}": CappedCount(tab.rows(scope, now).order_by().values("pk")[:CAP]) for tab in TABS}
    found: dict[str, Any] = dict(Staff.objects.filter(pk=scope.user.pk).values(**counts).get())
    return {tab.code: found[f"in_{tab.code}"] or 0 for tab in TABS}


def get_rows(tab: Tab, scope: Scope, now: datetime) -> QuerySet:
    """Return the rows of a tab with everything a line shows."""
    rows = tab.rows(scope, now)
    if rows.model is WorkOrder:
        rows = rows.select_related("unit", "review_unit")
    return rows.select_related(*CASE_PARTS).defer(*UNSEEN)


@dataclass(frozen=True)
class UnitLine:
    """How many work orders of a unit are overdue, and how many soon will be."""

    unit: Unit
    red: int
    yellow: int


@dataclass(frozen=True)
class LevelLine:
    """The same for all units of a level."""

    level: int
    label: str
    red: int
    yellow: int


@dataclass(frozen=True)
class Figures:
    """The table beside the list: by level, by unit; `is_part` when only the worst were looked at."""

    levels: list[LevelLine]
    units: list[UnitLine]
    is_part: bool


def get_figures(scope: Scope, now: datetime) -> Figures:
    """Return the figures by level and unit, the worst first."""
    red, yellow = (_by_unit(rows(scope, now)) for rows in (_late, _soon))
    units = Unit.objects.in_bulk({*red, *yellow})
    lines = [UnitLine(units[pk], red[pk], yellow[pk]) for pk in units]
    lines.sort(key=lambda line: (-line.red, -line.yellow, line.unit.path))
    levels = [
        LevelLine(
            level.value, str(level.label),
            sum(line.red for line in lines if line.unit.level == level),
            sum(line.yellow for line in lines if line.unit.level == level),
        )
        for level in Level
        if level < Level.CELL
    ]  # fmt: skip
    is_part = max(red.total(), yellow.total()) >= LOOKED_AT
    return Figures(levels, lines[:UNITS_SHOWN], is_part)


def _by_unit(rows: QuerySet) -> Counter[int]:
    """Count the first LOOKED_AT rows by who must act."""
    found = rows.order_by("next_due_at").values_list("unit", "review_unit", "state")[:LOOKED_AT]
    return Counter(review if state == UNDER_REVIEW and review else unit for unit, review, state in found)


def find_unit(user, pk: int | None) -> Unit | None:
    """Return the unit that the desk is narrowed to, if it may be named."""
    return Unit.objects.visible_to(user).filter(pk=pk).first() if pk else None

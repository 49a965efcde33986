"""Clocks: how a deadline is computed, started and stopped. Pure of the database but for the small tables it reads.

A deadline is computed once, from the event that starts it, and stored; nothing that is edited later moves it. Only a
batch of the duty list may say that its new limit holds for open cases too, counted from the same event (`retime`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.models import ItemVersion
from grid.models import Unit
from intake.choices import Urgency
from intake.models import Case
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.kept import kept
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.worktime import WorkCalendar, add_limit, get_calendar

from .choices import ClockKind, ClockOutcome
from .models import Clock, ClockRule, WorkOrder

# The clocks of a work order that say when its unit must act next.
UNIT_CLOCKS = (
    ClockKind.SIGN, ClockKind.FIRST_CONTACT, ClockKind.ARRIVAL, ClockKind.HANDLING, ClockKind.REVIEW, ClockKind.HOLD,
)  # fmt: skip
AT_ONCE = timedelta(minutes=5)  # what waits no longer than this is not waiting: the machine is at it


@dataclass(frozen=True)
class Limit:
    """A time limit and the rule it comes from."""

    amount: int
    unit: str
    rule: str


class ClockBook:
    """The rules and the calendar in force, read once for a batch of cases."""

    def __init__(self, now: datetime):
        self.now = now
        self.calendar: WorkCalendar = get_calendar()
        self.rules = _rules_in_force(timezone.localdate(now))
        day = timezone.localdate(now)
        self.yellow_share = float(get_parameter("clock.yellow_share", day))
        self.yellow_hours = float(get_parameter("clock.yellow_hours", day))

    def limit(self, kind: str, case: Case, version: ItemVersion | None = None, unit: Unit | None = None) -> Limit:
        """Return the limit of a clock at `unit`: the rule whose scope comes first (ClockRule.SCOPE_ORDER).

        For handling, the duty item's own limit goes before every rule but one that names the item (a statutory limit)
        or a redo. Raises Refused when no rule is in force.
        """
        fitting = [rule for rule in self.rules.get(kind, ()) if _fits(rule, case, unit)]
        rule = max(fitting, key=_scope, default=None)
        own = _own_limit(version, case.urgency) if kind == ClockKind.HANDLING and version is not None else None
        if own is not None and not (rule and (rule.item_id or rule.is_redo)):
            return own
        if rule is None:
            text = _("No time limit for “%(clock)s” is in force on %(day)s.")
            raise Refused(text % {"clock": ClockKind(kind).label, "day": timezone.localdate(self.now)})
        return Limit(rule.amount, rule.unit, rule.source)

    def due(self, started_at: datetime, limit: Limit) -> datetime:
        """Return the deadline. Raises MissingCalendarYear when the year's holidays are not known."""
        return add_limit(started_at, limit.amount, limit.unit, self.calendar)

    def start(
        self, kind: str, case: Case, *, work_order=None, version=None, started_at=None, unit=None, request=None
    ) -> Clock:
        """Return a new clock, unsaved. `unit` is who must act, where it is not the work order's own."""
        limit = self.limit(kind, case, version, unit or (work_order.unit if work_order else None))
        started_at = started_at or self.now
        clock = self.clock(kind, case, work_order, started_at, self.due(started_at, limit), limit.rule)
        clock.request = request
        return clock

    def overall(self, case: Case, version: ItemVersion | None) -> Clock:
        """Return the clock of the whole case: the handling limit from acceptance, and an allowance for review."""
        started_at = case.accepted_at or self.now
        handling = self.limit(ClockKind.HANDLING, case, version)
        allowance = self.limit(ClockKind.OVERALL, case)
        due_at = self.due(self.due(started_at, handling), allowance)
        return self.clock(
            ClockKind.OVERALL, case, None, started_at, due_at, f"{handling.rule} + {allowance.rule}"[:200]
        )

    def clock(self, kind: str, case: Case, work_order, started_at: datetime, due_at: datetime, rule: str) -> Clock:
        """Return a clock with its warning moment, unsaved."""
        yellow_at = self.yellow(started_at, due_at)
        return Clock(
            case=case,
            work_order=work_order,
            kind=kind,
            started_at=started_at,
            due_at=due_at,
            yellow_at=yellow_at,
            next_step_at=yellow_at,
            rule=rule,
        )

    def yellow(self, started_at: datetime, due_at: datetime) -> datetime:
        """Return the warning: a share of the limit left or, for long limits, a day left, whichever comes first."""
        span = due_at - started_at
        by_share = due_at - span * self.yellow_share
        hours = timedelta(hours=self.yellow_hours)
        return min(by_share, due_at - hours) if span > 2 * hours else by_share


def retime(clock: Clock, limit: Limit, book: ClockBook) -> None:
    """Let another limit hold from the moment the clock was started (unsaved)."""
    clock.due_at, clock.rule = book.due(clock.started_at, limit), limit.rule
    clock.yellow_at = clock.next_step_at = book.yellow(clock.started_at, clock.due_at)


def point_to_next(work_order: WorkOrder, clocks: Iterable[Clock]) -> None:
    """Write the earliest running clock into the work order's own columns, which the queue is sorted by (unsaved)."""
    running = [clock for clock in clocks if clock.outcome == ClockOutcome.RUNNING and clock.kind in UNIT_CLOCKS]
    first = min(running, key=lambda clock: clock.due_at, default=None)
    work_order.next_clock = first.kind if first else ""
    work_order.next_due_at = first.due_at if first else None
    work_order.next_yellow_at = first.yellow_at if first else None


def has_waited(case: Case, now: datetime) -> bool:
    """Whether a case that awaits dispatch may have a dispatch clock, so that nobody asks for those that cannot."""
    return case.awaits_person or case.due_at is not None or (case.accepted_at or now) <= now - AT_ONCE


def stop(clock: Clock, at: datetime) -> None:
    """Stop a clock: in time or late (unsaved)."""
    clock.stopped_at = at
    clock.outcome = ClockOutcome.MET if at <= clock.due_at else ClockOutcome.LATE


@kept
def _all_rules() -> list[ClockRule]:
    return list(ClockRule.objects.order_by("effective_from"))


def _rules_in_force(day: date) -> dict[str, list[ClockRule]]:
    """Return kind → for every scope the rule in force on `day`."""
    latest: dict[tuple, ClockRule] = {}
    for rule in _all_rules():
        if rule.effective_from <= day:
            latest[rule.kind, *(getattr(rule, name) for name in ClockRule.SCOPE_ORDER)] = rule
    by_kind: dict[str, list[ClockRule]] = {}
    for rule in latest.values():
        by_kind.setdefault(rule.kind, []).append(rule)
    return by_kind


def _fits(rule: ClockRule, case: Case, unit: Unit | None) -> bool:
    return (
        rule.request_type in ("", case.request_type)
        and rule.urgency in ("", case.urgency)
        and rule.channel_id in (None, case.channel_id)
        and rule.item_id in (None, case.item_id)
        and rule.level in (None, unit.level if unit else None)
        and (case.round > 1 or not rule.is_redo)
    )


def _scope(rule: ClockRule) -> tuple[bool, ...]:
    """Return which parts of the scope are filled, the deciding one first: two fitting rules are never equal."""
    return tuple(bool(getattr(rule, name)) for name in ClockRule.SCOPE_ORDER)


def _own_limit(version: ItemVersion, urgency: str) -> Limit | None:
    """Return the duty item's own limit for handling, the shorter ones for what is urgent; None where it has none."""
    amounts = {
        Urgency.URGENT: version.limit_urgent,
        Urgency.EMERGENCY: version.limit_very_urgent or version.limit_urgent,
    }
    amount = amounts.get(Urgency(urgency)) or version.limit_normal
    if not version.limit_normal or not amount:
        return None
    return Limit(amount, version.limit_unit, f"{version.item.code} v{version.number}")

"""Which escalation rules a clock has reached, when it reaches the next one, and who is meant. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from dispatch.choices import ClockKind, ClockStage, EscalateTo
from dispatch.models import Clock, EscalationRule
from grid.choices import Act, Level, UnitKind
from grid.models import StaffUnitPermission, Unit
from shenzhen_gov.core.kept import kept
from shenzhen_gov.core.worktime import SHANGHAI, MissingCalendarYear, WorkCalendar, get_calendar

# Who acts on a clock of this kind; on all others whoever handles work orders.
ACTS = {
    ClockKind.ACCEPT: Act.REGISTER_CASE,
    ClockKind.DISPATCH: Act.DISPATCH_CASE,
    ClockKind.REVIEW: Act.REVIEW_CASE,
    ClockKind.DECISION: Act.DECIDE_REQUEST,
    ClockKind.APPEAL: Act.DECIDE_REQUEST,
    ClockKind.RULING: Act.RULE_DISPUTE,
    ClockKind.CALL_BACK: Act.CALL_BACK,
}
WATCHING = {EscalateTo.SUPERVISOR: Act.SUPERVISE_CASE, EscalateTo.LEADER: Act.INSTRUCT_CASE}
TRY_AGAIN = timedelta(days=1)  # when the calendar of the year that a step falls in is not loaded yet


@dataclass(frozen=True)
class Reached:
    """A rule that a clock has reached, the unit that hears of it, and the act held there by whoever reads it."""

    rule: EscalationRule
    at: datetime
    unit_id: int | None
    act: str


class Ladder:
    """The rules, the calendar and the tree of units, read once for a batch of clocks."""

    def __init__(self, now: datetime):
        self.now = now
        self.calendar: WorkCalendar = get_calendar()
        self.rules = [rule for rule in _all_rules() if _holds(rule, timezone.localdate(now))]
        self.tree = _tree()
        self._openings: dict[tuple[date, int], datetime] = {}

    def steps(self, clock: Clock) -> tuple[list[Reached], datetime | None]:
        """Return the rules reached since the clock was last looked at, and when the next one is; None: never."""
        reached, ahead = [], []
        for rule in self.rules:
            if rule.clock in ("", clock.kind):
                at = self._moment(rule, clock)
                if at is None or at > self.now:
                    ahead.append(at or self.now + TRY_AGAIN)
                elif clock.next_step_at is None or at >= clock.next_step_at:
                    reached.append(Reached(rule, at, *self._receiver(rule.whom, clock)))
        return sorted(reached, key=lambda one: one.at), min(ahead, default=None)

    def _moment(self, rule: EscalationRule, clock: Clock) -> datetime | None:
        """Return when the clock reaches the rule; None while the calendar of that time is not known."""
        if rule.stage == ClockStage.YELLOW:
            return clock.yellow_at
        if not rule.days:
            return clock.due_at
        day = timezone.localdate(clock.due_at, SHANGHAI)
        if (day, rule.days) not in self._openings:
            try:
                self._openings[day, rule.days] = self._opening(day, rule.days)
            except MissingCalendarYear:
                return None
        return self._openings[day, rule.days]

    def _opening(self, day: date, count: int) -> datetime:
        """Return when the `count`-th working day after `day` opens."""
        while count:
            day += timedelta(days=1)
            count -= self.calendar.is_working_day(day)
        midnight = datetime.combine(day, datetime.min.time(), SHANGHAI)
        return midnight + timedelta(seconds=self.calendar.hours.starts[0])

    def _receiver(self, whom: str, clock: Clock) -> tuple[int | None, str]:
        own = unit_of(clock) or self.tree.top
        if whom == EscalateTo.HOLDER and clock.kind == ClockKind.RULING:  # whoever has the case, others rule
            return self.tree.nearest(own, Act.RULE_DISPUTE), Act.RULE_DISPUTE
        if whom == EscalateTo.HOLDER:
            return own, ACTS.get(ClockKind(clock.kind), Act.HANDLE_CASE)
        if whom == EscalateTo.ABOVE:
            return self.tree.above.get(own) or own, Act.DECIDE_REQUEST
        act = WATCHING[EscalateTo(whom)]
        return self.tree.nearest(own, act), act


@dataclass(frozen=True)
class Tree:
    """Who is above whom, the centre of the city, and at which units supervisors and leaders sit."""

    above: dict[int | None, int | None]
    top: int | None
    held: dict[str, frozenset[int]]

    def nearest(self, unit_id: int | None, act: str) -> int | None:
        """Return the unit itself or the next one above at which somebody holds `act`; the top when nobody does."""
        while unit_id is not None and unit_id not in self.held[act]:
            unit_id = self.above.get(unit_id)
        return unit_id or self.top


def unit_of(clock: Clock) -> int | None:
    """Return who must act on a clock: the deciding, the reviewing or the handling unit, else the case's holder."""
    if clock.request is not None:
        return clock.request.deciding_unit_id
    order = clock.work_order
    if order is None:
        return clock.case.holder_id
    return order.review_unit_id if clock.kind == ClockKind.REVIEW and order.review_unit_id else order.unit_id


def _holds(rule: EscalationRule, day: date) -> bool:
    return rule.effective_from <= day and (rule.effective_until is None or day <= rule.effective_until)


@kept
def _all_rules() -> list[EscalationRule]:
    return list(EscalationRule.objects.order_by("pk"))


@kept
def _tree() -> Tree:
    rows = list(Unit.objects.values_list("pk", "parent", "kind", "level"))
    centres = [pk for pk, _parent, kind, level in rows if kind == UnitKind.CENTRE and level == Level.CITY]
    return Tree(
        {pk: parent for pk, parent, _kind, _level in rows},
        min(centres, default=None),
        _held([*WATCHING.values(), Act.RULE_DISPUTE]),
    )


def _held(acts: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return act → the units at which somebody holds it."""
    found: dict[str, set[int]] = {act: set() for act in acts}
    grants = StaffUnitPermission.objects.filter(permission__codename__in=list(found), user__is_active=True)
    for act, unit_id in grants.values_list("permission__codename", "content_object_id").distinct():
        found[act].add(int(unit_id))
    return {act: frozenset(ids) for act, ids in found.items()}

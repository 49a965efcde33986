"""Reusable filters of work orders and requests: the tabs of the desks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from grid.access import areas_with, holds_everywhere, units_with
from grid.choices import Act
from grid.querysets import ScopedQuerySet

from .choices import RequestKind, RequestState
from .workflow import (
    ACTIVE_STATES,
    CB_WAITING,
    DOCKET_OPEN_STATES,
    DOCKET_RULED,
    HANDLING,
    OPEN_STATES,
    PENDING_SIGN,
    UNDER_REVIEW,
)

if TYPE_CHECKING:
    from .models import WorkOrder


class ClockQuerySet(QuerySet):
    """Clocks, found by their cases: one index less on the table with the most rows."""

    def of(self, orders: Iterable[WorkOrder]):
        """Return the clocks of these work orders."""
        known = list(orders)
        return self.filter(case__in={order.case_id for order in known}, work_order__in=known)


class CoTaskQuerySet(ScopedQuerySet):
    """Co-tasks: the tabs of their list, and which ordered departments did not come."""

    def open(self):
        """Return what is not over."""
        return self.filter(ended_at=None)

    def to_arrive(self):
        """Return orders to the spot whose department has not come yet."""
        return self.open().filter(sheet__isnull=False, arrived_at=None)

    def at_work(self):
        """Return co-handlers, and departments on the spot, that have not reported yet."""
        rows = self.open().filter(Q(sheet=None) | Q(arrived_at__isnull=False))
        return rows.exclude(work_order__state=UNDER_REVIEW)

    def to_judge(self):
        """Return what was reported and waits for the verdict of the unit that asked."""
        return self.open().filter(work_order__state=UNDER_REVIEW)

    def ended(self):
        """Return what is over."""
        return self.filter(ended_at__isnull=False)

    def absent(self, now: datetime):
        """Return orders to the spot that nobody came to within the limit, whether or not they are over."""
        late = Q(ended_at=None, arrived_at=None, due_at__lte=now)
        return self.filter(Q(is_absent=True) | late, sheet__isnull=False)


class WorkOrderQuerySet(ScopedQuerySet):
    """Filters of work orders."""

    def open(self):
        """Return what is not ended."""
        return self.filter(state__in=OPEN_STATES)

    def active(self):
        """Return what somebody must act on."""
        return self.filter(state__in=ACTIVE_STATES)

    def to_sign(self):
        """待签收."""
        return self.filter(state=PENDING_SIGN)

    def handling(self):
        """处置中."""
        return self.filter(state=HANDLING)

    def warned(self, now: datetime):
        """临期: the next clock is past its warning, not past its deadline."""
        return self.open().filter(next_yellow_at__lte=now, next_due_at__gt=now)

    def overdue(self, now: datetime):
        """超期: the next clock is past its deadline."""
        return self.open().filter(next_due_at__lte=now)

    def redo(self):
        """重办: second round or later."""
        return self.open().filter(round__gt=1)


class CaseRequestQuerySet(ScopedQuerySet):
    """Filters of requests."""

    def open(self):
        """Return what nobody has decided yet."""
        return self.filter(state=RequestState.OPEN)

    def decided(self):
        """Return what was decided, withdrawn or overtaken."""
        return self.filter(decided_at__isnull=False)

    def agreed_returns(self):
        """退单成立: the returns that were agreed to, for the guard against ping-pong and the figures."""
        return self.filter(kind=RequestKind.RETURN, state=RequestState.AGREED)

    def agreed_appeals(self):
        """差评申诉成立: the appeals whose evaluation does not count in the figures."""
        return self.filter(kind=RequestKind.SCORE_APPEAL, state=RequestState.AGREED, evaluation__isnull=False)


class CallBackQuerySet(ScopedQuerySet):
    """Filters of call-backs."""

    def of_agent(self, user):
        """Return the calls that are this person's to make: in the territory where the role is held."""
        if holds_everywhere(user, Act.CALL_BACK):
            return self
        return self.filter(Q(area__in=areas_with(user, Act.CALL_BACK)) | Q(unit__in=units_with(user, Act.CALL_BACK)))

    def ready(self, now: datetime):
        """Return what is to be called now."""
        return self.filter(state=CB_WAITING, ready_at__lte=now)


class ClosureCheckQuerySet(ScopedQuerySet):
    """Filters of checks of closings."""

    def decided_by_units_of(self, user):
        """Return the checks that this person decides, or would have."""
        acts = (Act.REVIEW_CASE, Act.DECIDE_REQUEST)
        if any(holds_everywhere(user, act) for act in acts):
            return self
        units = [pk for act in acts for pk in units_with(user, act).values_list("pk", flat=True)]
        return self.filter(deciding_unit__in=units)


class DocketQuerySet(ScopedQuerySet):
    """Filters of dockets."""

    def open(self):
        """Return what nobody has ruled on yet."""
        return self.filter(state__in=DOCKET_OPEN_STATES)

    def ruled(self):
        """Return the rulings: the precedents."""
        return self.filter(state=DOCKET_RULED)

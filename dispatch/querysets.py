"""Reusable filters of work orders and requests: the tabs of the desks."""

from datetime import datetime

from django.db.models import Q

from grid.querysets import ScopedQuerySet

from .choices import RequestKind, RequestState
from .workflow import ACTIVE_STATES, HANDLING, OPEN_STATES, PENDING_SIGN


class CoTaskQuerySet(ScopedQuerySet):
    """Co-tasks; the tabs of the list of orders to the spot."""

    def orders(self):
        """发令."""
        return self.filter(sheet__isnull=False)

    def to_arrive(self):
        """Return orders whose department has not come yet."""
        return self.orders().filter(ended_at=None, arrived_at=None)

    def on_the_spot(self):
        """Return orders whose department came and is at work."""
        return self.orders().filter(ended_at=None, arrived_at__isnull=False)

    def ended(self):
        """Return orders that are over."""
        return self.orders().filter(ended_at__isnull=False)

    def absent(self, now: datetime):
        """Return orders nobody came to within the limit, whether or not they are over."""
        return self.orders().filter(Q(is_absent=True) | Q(ended_at=None, arrived_at=None, due_at__lte=now))


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

"""Reusable filters of cases."""

from grid.querysets import ScopedQuerySet

from .workflow import AWAITING_DISPATCH, OPEN_STATES


class CaseQuerySet(ScopedQuerySet):
    """Filters of cases."""

    def open(self):
        """Return the cases that somebody is accountable for."""
        return self.filter(state__in=OPEN_STATES)

    def awaiting_dispatch(self):
        """Return the cases the machine has not looked at yet, oldest first."""
        return self.filter(state=AWAITING_DISPATCH, awaits_person=False).order_by("accepted_at", "id")

    def awaiting_person(self):
        """Return the cases that wait for a dispatcher, oldest first."""
        return self.filter(state=AWAITING_DISPATCH, awaits_person=True).order_by("accepted_at", "id")

"""Reusable filters of cases."""

from django.db.models.functions import Left

from grid.choices import BUILDING_DIGITS
from grid.querysets import ScopedQuerySet

from .workflow import AWAITING_DISPATCH, OPEN_STATES


class CaseQuerySet(ScopedQuerySet):
    """Filters of cases."""

    def open(self):
        """Return the cases that somebody is accountable for."""
        return self.filter(state__in=OPEN_STATES)

    def at_building(self, code: str):
        """Return the cases at a building or in one of its rooms, by the 19 characters of its code."""
        at = self.annotate(building=Left("house_code", BUILDING_DIGITS)).exclude(house_code="")
        return at.filter(building=code)

    def awaiting_dispatch(self):
        """Return the cases the machine has not looked at yet, oldest first."""
        return self.filter(state=AWAITING_DISPATCH, awaits_person=False).order_by("accepted_at", "id")

    def awaiting_person(self):
        """Return the cases that wait for a dispatcher, oldest first."""
        return self.filter(state=AWAITING_DISPATCH, awaits_person=True).order_by("accepted_at", "id")

"""Filters of what analytics found."""

from grid.querysets import ScopedQuerySet

from .choices import FindingState


class FindingQuerySet(ScopedQuerySet):
    """Findings of the quality radar."""

    def still_found(self):
        """Leave out what is no longer found."""
        return self.exclude(state=FindingState.GONE)

"""What was seen in a cell lately: every count is worth half as much after each half-life."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timedelta

GONE = 1e-6


class Fading:
    """Counts of what units do, by cell; all of them fade alike."""

    def __init__(self, half_life: timedelta):
        self.half_life = half_life
        self._counts: dict[Hashable, dict[str, float]] = {}
        self._since: dict[Hashable, datetime] = {}

    def add(self, cell: Hashable, function: str, at: datetime) -> None:
        """Count one case of a cell."""
        counts = self.at(cell, at)
        self._counts[cell] = counts | {function: counts.get(function, 0.0) + 1.0}
        self._since[cell] = at

    def at(self, cell: Hashable, now: datetime) -> dict[str, float]:
        """Return the counts of a cell as they are worth now."""
        if cell not in self._counts:
            return {}
        left = 0.5 ** (max(now - self._since[cell], timedelta(0)) / self.half_life)
        return {function: count * left for function, count in self._counts[cell].items() if count * left > GONE}

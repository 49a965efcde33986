"""Visits spread over days and people: as late as each may be, no day fuller than it must be. Plain arithmetic.

With so many working days ahead and each visit due by one of them, the fullest day needs `ceil(due by day k / k)`
visits for the worst k; with that many a day all fit. Filling from the last day backwards keeps every visit as near to
its due day as that allows, so nobody is visited needlessly early.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Due:
    """A rental to be visited: by when, and what orders a day's round (its house code)."""

    rental_id: int
    by: date
    order: str = ""


def spread(visits: Sequence[Due], days: Sequence[date], walkers: int = 1) -> list[list[Due]]:
    """Return the visits of each of `days` (rising), every visit on exactly one, none after its own day where one fits.

    What is due before the first day, or whose day lies before it, is due on the first.
    """
    if not days:
        return []
    last = [max(0, bisect_right(days, visit.by) - 1) for visit in visits]
    room = _room_a_day(last, len(days), walkers)
    plan: list[list[Due]] = [[] for _day in days]
    waiting = sorted(zip(last, visits, strict=True), key=lambda one: (one[0], one[1].by, one[1].order))
    carried: list[Due] = []
    for day in reversed(range(len(days))):
        while waiting and waiting[-1][0] == day:
            carried.append(waiting.pop()[1])
        carried.sort(key=lambda visit: (visit.by, visit.order), reverse=True)
        plan[day], carried = carried[:room], carried[room:]
    for one in plan:
        one.sort(key=lambda visit: visit.order)
    return plan


def share_out(visits: Sequence[Due], walkers: Sequence[int]) -> dict[int, int]:
    """Return rental id → walker for one day: neighbours stay together, nobody has two more than another."""
    return {visit.rental_id: walkers[place * len(walkers) // len(visits)] for place, visit in enumerate(visits)}


def _room_a_day(last: Sequence[int], days: int, walkers: int) -> int:
    """Return how many visits the fullest day must hold, in whole rounds of the walkers."""
    due_by = [0] * days
    for day in last:
        due_by[day] += 1
    most, total = 1, 0
    for day, count in enumerate(due_by, 1):
        total += count
        most = max(most, -(-total // (day * walkers)))
    return most * walkers

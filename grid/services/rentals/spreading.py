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


def spread(visits: Sequence[Due], days: Sequence[date], walkers: int = 1, catch_up: int = 1) -> list[list[Due]]:
    """Return the visits of each of `days` (rising): every visit on exactly one of them, none after its own day.

    What was due before the first day is caught up within the first `catch_up` days, the oldest first.
    """
    if not days:
        return []
    late = sorted((visit for visit in visits if visit.by < days[0]), key=lambda visit: (visit.by, visit.order))
    own = [(bisect_right(days, visit.by) - 1, visit) for visit in visits if visit.by >= days[0]]
    soon = min(catch_up, len(days)) - 1
    room = _room_a_day([day for day, _visit in own] + [soon] * len(late), len(days), walkers)
    plan = _backwards(own, len(days), room)
    for of_day in plan:
        free = room - len(of_day)
        of_day += late[:free]
        late = late[free:]
        of_day.sort(key=lambda visit: visit.order)
    return plan


def share_out(visits: Sequence[Due], walkers: Sequence[int]) -> dict[int, int]:
    """Return rental id → walker for one day: neighbours stay together, nobody has two more than another."""
    return {visit.rental_id: walkers[place * len(walkers) // len(visits)] for place, visit in enumerate(visits)}


def _backwards(own: list[tuple[int, Due]], days: int, room: int) -> list[list[Due]]:
    """Fill the days from the last one backwards; what finds no room on its day goes to the day before."""
    waiting = sorted(own, key=lambda one: (one[0], one[1].by, one[1].order))
    plan: list[list[Due]] = [[] for _day in range(days)]
    carried: list[Due] = []
    for day in reversed(range(days)):
        while waiting and waiting[-1][0] == day:
            carried.append(waiting.pop()[1])
        carried.sort(key=lambda visit: (visit.by, visit.order), reverse=True)
        plan[day], carried = carried[:room], carried[room:]
    return plan


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

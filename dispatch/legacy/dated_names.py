"""From the names a unit bears in dated rows to a history of official names, and aliases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

Sightings = dict[str, Counter[date]]  # name -> day -> rows


@dataclass(frozen=True)
class Names:
    """What a unit was called: (from which day, official name) in order, and names that never took over."""

    official: tuple[tuple[date, str], ...]
    aliases: tuple[tuple[date, str], ...]


def sightings(rows: Iterable[tuple[date, str]]) -> Sightings:
    """Count the rows per name and day."""
    counts: Sightings = {}
    for day, name in rows:
        counts.setdefault(name, Counter())[day] += 1
    return counts


def history_of(counts: Sightings, *, since: date, current: str | None = None) -> Names:
    """Return how the names followed each other.

    Names take their turns in the order in which they were last seen. The later one takes over on the day that leaves
    the fewest rows on the wrong side, and is an alias if it would leave no fewer than it has rows itself: it was used
    side by side. `current` is the official name already known since `since`; the history then starts with it.
    """
    order = sorted(counts, key=lambda name: (max(counts[name]), -counts[name].total(), name))
    if current is not None:
        order = [current, *(name for name in order if name != current)]
    official: list[tuple[date, str]] = []
    aliases: list[tuple[date, str]] = []
    for name in order:
        if not official:
            official = [(since, name)]
            continue
        start, before = official[-1]
        takes_over, wrong = _turn(counts.get(before, Counter()), counts[name])
        if wrong >= counts[name].total() or takes_over <= start:
            aliases.append((min(counts[name]), name))
        elif wrong >= counts.get(before, Counter()).total() and before != current:
            aliases.append((min(counts[before]), before))
            official[-1] = (start, name)
        else:
            official.append((takes_over, name))
    return Names(tuple(official), tuple(aliases))


def _turn(before: Counter[date], after: Counter[date]) -> tuple[date, int]:
    """Return the earliest day of change with the fewest rows on the wrong side of it, and how many those are."""
    costs = {
        turn: sum(count for day, count in before.items() if day >= turn)
        + sum(count for day, count in after.items() if day < turn)
        for turn in after
    }
    turn = min(costs, key=lambda day: (costs[day], day))
    return turn, costs[turn]

"""False closures: a unit whose closings of one item are doubted or overturned much more often than others'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from analytics.radar import wilson_floor


@dataclass(frozen=True)
class DoubtedPair:
    """A unit and an item: doubted closings (those found right are left out), of them confirmed, of all closings."""

    unit: int
    item: int
    cases: tuple[int, ...]
    confirmed: int
    closed: int
    floor: float  # of the share of doubted closings that is certain (Wilson, 95 %)


def find_doubtful_pairs(
    doubts: Iterable[tuple[int, int, int, bool]], closed: dict[tuple[int, int], int], *, least: int, share: float
) -> list[DoubtedPair]:
    """Return the pairs with enough doubts and a share that is certainly above `share`, highest first.

    `doubts` are (unit, item, case, confirmed); `closed` how many cases each pair closed in the same time.
    """
    together: dict[tuple[int, int], dict[int, bool]] = defaultdict(dict)
    for unit, item, case, confirmed in doubts:
        together[unit, item][case] = together[unit, item].get(case, False) or confirmed
    found = []
    for (unit, item), cases in together.items():
        number = max(closed.get((unit, item), 0), len(cases))
        floor = wilson_floor(len(cases), number)
        if len(cases) >= least and floor >= share:
            pair = DoubtedPair(unit, item, tuple(sorted(cases)), sum(cases.values()), number, round(floor, 4))
            found.append(pair)
    return sorted(found, key=lambda one: (-one.floor, -len(one.cases), one.unit, one.item))

"""Who will handle a case, judged by who handled earlier ones: counts, backing off from the narrow cell to the wide one.

The cells: the whole district, the first level, the second level, the item, the item in the subdistrict. All of them
count what a unit *does*, not which unit it is: enforcement in one subdistrict is no help for finding *the* unit in
another one, but it tells the kind of unit, and the place of the case tells which. Each cell is blended with the wider
one by Witten–Bell smoothing: the more different outcomes a cell has, the less it is believed. Nothing is tuned.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from .history import Past, Role

Label = Hashable
Amount = TypeVar("Amount", int, float)
Chain = Callable[[Past], tuple[tuple, ...]]


@dataclass(frozen=True)
class Cell:
    """What was seen in one cell: cases, and the label that most of them went to."""

    cases: int
    label: Label | None
    hits: int

    @property
    def share(self) -> float:
        """Return the share of the most frequent label."""
        return self.hits / self.cases if self.cases else 0.0


class BackOff:
    """Counts of earlier cases; `label` says what is to be foretold, `roles` what each label does and where.

    Without roles, labels are taken as they are. `chain` says which cells a case belongs to, widest first.
    """

    def __init__(
        self,
        label: Callable[[Past], Label],
        roles: Mapping[Any, Role] | None = None,
        chain: Chain | None = None,
    ):
        self.label = label
        self.roles = roles or {}
        self.chain = chain or _cells
        self.counts: dict[tuple, Counter[str]] = defaultdict(Counter)
        self.doers: dict[Role, Counter[Label]] = defaultdict(Counter)
        self.doer: dict[Role, Label] = {}  # the most frequent of them

    def learn(self, case: Past) -> None:
        """Count one case."""
        label = self.label(case)
        role = self._role(label)
        self._count_doer(role, label)
        for cell in self.chain(case):
            self.counts[cell][role.function] += 1

    def rank(self, case: Past) -> list[tuple[Label, float]]:
        """Return labels with their probability, best first; empty before anything was learned."""
        return sorted(self.belief(case).items(), key=lambda entry: (-entry[1], str(entry[0])))

    def belief(self, case: Past) -> dict[Label, float]:
        """Return labels with their probability."""
        belief: dict[Label, float] = {}
        for cell in self.chain(case):
            belief = blend(self._here(self.counts.get(cell, {}), case), belief)
        return belief

    def cell(self, case: Past, least: int) -> Cell:
        """Return the item in the subdistrict or, under `least` cases, in the whole district."""
        *_wide, district, subdistrict = _cells(case)
        narrow = self.counts.get(subdistrict, Counter()).total() >= least
        counts = self._here(self.counts.get(subdistrict if narrow else district, {}), case)
        if not counts:
            return Cell(0, None, 0)
        label, hits = min(counts.items(), key=lambda entry: (-entry[1], str(entry[0])))
        return Cell(sum(counts.values()), label, hits)

    def seen(self, item: int) -> int:
        """Return how many cases of an item were learned."""
        return self.counts["item", item].total()

    def function_of(self, case: Past) -> str:
        """Return what the unit that handled a case does."""
        return self.function_of_label(self.label(case))

    def function_of_label(self, label: Label) -> str:
        """Return what a unit does."""
        return self._role(label).function

    def _count_doer(self, role: Role, label: Label) -> None:
        counts = self.doers[role]
        counts[label] += 1
        before = self.doer.setdefault(role, label)
        if (-counts[label], str(label)) < (-counts[before], str(before)):
            self.doer[role] = label

    def _role(self, label: Label) -> Role:
        return self.roles.get(label) or Role(str(label), None)

    def _here(self, functions: Mapping[str, Amount], case: Past) -> dict[Label, Amount]:
        """Turn a cell's counts of functions into counts of the labels that do them where the case lies."""
        counts: dict[Label, Amount] = {}
        for function, count in functions.items():
            label = self._doer(function, case)
            if label is not None:
                counts[label] = counts.get(label, 0) + count
        return counts

    def _doer(self, function: str, case: Past) -> Label | None:
        """Return who does this in the community, the subdistrict or the district of the case, as far as was seen."""
        for home in (case.community, case.subdistrict, None):
            if (label := self.doer.get(Role(function, home))) is not None:
                return label
        return None


def _cells(case: Past) -> tuple[tuple, ...]:
    """Return the cells a case belongs to, widest first."""
    item = ("item", case.item)
    return ("all",), ("top", case.top), ("main", case.top, case.main), item, (*item, case.subdistrict)


def blend(counts: Mapping[Label, float], wider: dict[Label, float], least: float = 0) -> dict[Label, float]:
    """Return the belief of a cell blended with that of the wider one (Witten–Bell); counts may have faded.

    Faded kinds count no more than the cases that are left of them, but never less than `least`.
    """
    if not counts:
        return wider
    cases = sum(counts.values())
    kinds = max(least, min(len(counts), cases)) if wider else 0
    belief = {label: share * kinds / (cases + kinds) for label, share in wider.items()}
    for label, count in counts.items():
        belief[label] = belief.get(label, 0.0) + count / (cases + kinds)
    return belief

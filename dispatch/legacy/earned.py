"""The gate over past cases, day by day, as it would have been: only what a person looked at teaches.

A person looks at what the gate does not let through, at the audit sample, and at what was wrong: that comes back. All
the others teach neither the ranking nor the gate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils import timezone

from dispatch.gate.figures import wilson_bound
from dispatch.gate.sampling import is_sampled

from .chains import Chains
from .history import Past

WINDOW, LEAST, OPENS, AUDITED = 50, 10, 0.85, 0.05  # [P] as in the parameters of the gate
STEPS = 10  # of the ranking's own certainty


@dataclass
class Record:
    """The newest outcomes of one cell, and how many must be confirmed before it opens again."""

    window: list[bool] = field(default_factory=list)
    wait: int = 0

    @property
    def is_known(self) -> bool:
        """Whether the cell answers, be it yes or no."""
        return bool(self.wait) or len(self.window) >= LEAST

    @property
    def is_open(self) -> bool:
        """Whether the cell has earned it."""
        if self.wait or len(self.window) < LEAST:
            return False
        return wilson_bound(sum(self.window), len(self.window)) >= OPENS

    def learn(self, is_right: bool, shuts: bool) -> None:
        """Add an outcome; `shuts`: it came back from a unit."""
        self.window = [*self.window, is_right][-WINDOW:]
        self.wait = LEAST if shuts else max(0, self.wait - 1)


@dataclass
class Passed:
    """What the gate let through."""

    cases: int = 0
    automatic: int = 0
    hits: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of one case, to be learned when the day is over."""

    case: Past
    cells: tuple[tuple, ...]
    let_through: tuple[tuple, ...]
    is_right: bool


def pass_gate(cases: Iterable[Past], fresh: Callable[[], Chains], start: date, *, by_certainty: bool) -> Passed:
    """Let cases through the gate from the day `start` on, learning each evening; the days before only teach.

    A cell is the item in the subdistrict, or in the district while that has too few cases. With `by_certainty` also the
    unit foretold at that tenth of certainty: what such a forecast was worth lately.
    """
    model, passed = fresh(), Passed()
    records: dict[tuple, Record] = defaultdict(Record)
    for day, those in groupby(cases, key=lambda case: timezone.localdate(case.at)):
        outcomes = list(_judge_day(those, model, records, day >= start, by_certainty))
        if day >= start:
            _count(passed, outcomes)
        _learn_day(outcomes, model, records)
    return passed


def _judge_day(
    cases: Iterable[Past], model: Chains, records: dict[tuple, Record], is_on: bool, by_certainty: bool
) -> Iterator[Outcome]:
    for case in cases:
        ranked = model.rank(case)
        label, share = ranked[0] if ranked else (None, 0.0)
        narrow, wide = (case.item, case.subdistrict), (case.item,)
        certain = ("certain", label, int(share * STEPS))
        asked = [narrow if records[narrow].is_known else wide] + ([certain] if by_certainty else [])
        let = tuple(cell for cell in asked if is_on and label is not None and records[cell].is_open)
        yield Outcome(case, (narrow, wide, certain), let, label == model.label(case))


def _count(passed: Passed, outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        passed.cases += 1
        passed.automatic += bool(outcome.let_through)
        passed.hits += bool(outcome.let_through) and outcome.is_right


def _learn_day(outcomes: Iterable[Outcome], model: Chains, records: dict[tuple, Record]) -> None:
    for outcome in outcomes:
        is_seen = not outcome.let_through or not outcome.is_right or is_sampled(_name(outcome.case), AUDITED)
        if not is_seen:
            continue
        model.learn(outcome.case)
        for cell in outcome.cells:
            records[cell].learn(outcome.is_right, not outcome.is_right and cell in outcome.let_through)


def _name(case: Past) -> str:
    """Return what the sample is drawn by: the same in every replay, unlike the id of the row."""
    return f"{case.at:%Y%m%d%H%M%S} {case.raw_name}"

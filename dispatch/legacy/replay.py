"""How well earlier cases tell who handles later ones: measured in time order, beside the published figures."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.gate.figures import wilson_bound
from shenzhen_gov.core.exceptions import BadInput

from .backoff import BackOff, Label
from .chains import Chains, Fresh
from .earned import pass_gate
from .history import Past, Role, imported_cases, roles
from .mapping import DATA
from .weighed import Weighed

Model = BackOff | Chains | Weighed
LEAST_CASES = 10  # a smaller cell backs off to the item in the whole district
LEAST_SHARE = 0.90
LEAST_BOUND = 0.85


@dataclass(frozen=True)
class Figures:
    """One line of the report: shares between 0 and 1, None where a method has no such figure."""

    method: str
    names: str
    top1: float | None = None
    top3: float | None = None
    automatic: float | None = None
    precision: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Report:
    """What a replay measured."""

    learn_until: date
    test_from: date
    learned: int
    tested: int
    unseen_community: float
    unseen_subdistrict: float
    figures: tuple[Figures, ...]
    reference: tuple[Figures, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return asdict(self) | {"learn_until": str(self.learn_until), "test_from": str(self.test_from)}


@dataclass(frozen=True)
class Split:
    """Cases to learn from, and later ones to be foretold; `between` is learned only by what goes on learning."""

    learned: list[Past]
    between: list[Past]
    tested: list[Past]


def replay(learn_until: date, test_from: date | None = None, *, only: Collection[str] | None = None) -> Report:
    """Learn from imported cases before `learn_until`, foretell those from `test_from` on, and measure.

    `only` narrows both to cases with these outside numbers.

    Raises BadInput when the test would begin before the learning ends, or when there is nothing to learn or to test.
    """
    test_from = test_from or learn_until
    split = split_cases(learn_until, test_from, only=only)
    by_unit = roles({case.unit for case in (*split.learned, *split.between, *split.tested)})
    figures = [
        one
        for names, label, known in (("unified", _unit, by_unit), ("raw", _raw_name, None))
        for one in _measure(split, test_from, names, label, known)
    ]
    return Report(
        learn_until,
        test_from,
        len(split.learned),
        len(split.tested),
        unseen_community=_unseen(split, lambda case: (case.item, case.subdistrict, case.community)),
        unseen_subdistrict=_unseen(split, lambda case: (case.item, case.subdistrict)),
        figures=tuple(figures),
        reference=tuple(read_reference()),
    )


def _measure(
    split: Split, test_from: date, names: str, label: Callable[[Past], Label], known: Mapping[Any, Role] | None
) -> Iterator[Figures]:
    """Yield the figures of every method, for one way to name units."""
    yield _majority(split, label, names)
    yield from _back_off(split, BackOff(label, known), label, names)
    yield _updated(split, BackOff(label, known), label, names)
    yield _daily(split, BackOff(label, known), "daily", label, names)
    several = (("fresh", Fresh), ("chains", Chains), *((("weighed", Weighed),) if known else ()))  # dear: once
    for method, make in several:
        yield _daily(split, make(label, known), f"{method}-daily", label, names)
        yield _updated(split, make(label, known), label, names, f"{method}-updated")
    yield from _earned(split, lambda: Chains(label, known), test_from, names)
    yield _ceiling(split, label, names)


def split_cases(learn_until: date, test_from: date, *, only: Collection[str] | None = None) -> Split:
    """Return imported cases by time. Raises BadInput as `replay` does."""
    if test_from < learn_until:
        raise BadInput(_("The test cannot begin before the learning ends."), field="test_from")
    end, start = _midnight(learn_until), _midnight(test_from)
    split = Split([], [], [])
    for case in imported_cases(only):
        part = split.learned if case.at < end else split.between if case.at < start else split.tested
        part.append(case)
    if not split.learned:
        raise BadInput(_("There are no imported cases before %(day)s.") % {"day": learn_until}, field="learn_until")
    if not split.tested:
        raise BadInput(_("There are no imported cases from %(day)s on.") % {"day": test_from}, field="test_from")
    return split


def read_reference() -> list[Figures]:
    """Return the published figures."""
    with (DATA / "legacy_reference.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Figures(
                row["method"],
                row["names"],
                source=row["source"],
                **{
                    name: float(row[name]) if row[name] else None for name in ("top1", "top3", "automatic", "precision")
                },
            )
            for row in csv.DictReader(lines)
        ]


def by_share(hits: int, cases: int) -> bool:
    """Whether so many of so many cases earn trust by their share."""
    return hits / cases >= LEAST_SHARE


def by_bound(hits: int, cases: int) -> bool:
    """Whether so many of so many cases earn trust by the lower bound of their share."""
    return wilson_bound(hits, cases) >= LEAST_BOUND


def _unit(case: Past) -> Label:
    return case.unit


def _raw_name(case: Past) -> Label:
    return case.raw_name


def _majority(split: Split, label: Callable[[Past], Label], names: str) -> Figures:
    """Measure the plainest table: the most frequent units of the very same item and community, nothing else."""
    counts: dict[tuple, Counter[Label]] = defaultdict(Counter)
    for case in split.learned:
        counts[case.item, case.subdistrict, case.community][label(case)] += 1
    ranked = [
        [found for found, _count in counts[case.item, case.subdistrict, case.community].most_common(3)]
        for case in split.tested
    ]
    return _hits("majority", names, split.tested, ranked, label)


def _back_off(split: Split, model: BackOff, label: Callable[[Past], Label], names: str) -> list[Figures]:
    """Measure the back-off as learned once, and what each gate would have let through."""
    for case in split.learned:
        model.learn(case)
    ranked = [_best(model, case) for case in split.tested]
    return [
        _hits("back-off", names, split.tested, ranked, label),
        _gate("gate-share", names, split.tested, ranked, model, by_share),
        _gate("gate-wilson", names, split.tested, ranked, model, by_bound),
    ]


def _updated(
    split: Split, model: Model, label: Callable[[Past], Label], names: str, method: str = "updated"
) -> Figures:
    """Measure a model that learns each case after it was foretold."""
    return _going_on(split, model, lambda case: case.case_id, method, label, names)


def _daily(split: Split, model: Model, method: str, label: Callable[[Past], Label], names: str) -> Figures:
    """Measure a model that learns each evening what happened during the day."""
    return _going_on(split, model, lambda case: timezone.localdate(case.at), method, label, names)


def _going_on(
    split: Split, model: Model, batch: Callable[[Past], Any], method: str, label: Callable[[Past], Label], names: str
) -> Figures:
    """Measure a model that learns batch after batch, from the first case on as it will during the test."""
    earlier = [*split.learned, *split.between]
    for _key, those in groupby(earlier, key=batch):
        _learn(model, list(those))
    ranked: list[list[Label]] = []
    for _key, those in groupby(split.tested, key=batch):
        cases = list(those)
        ranked += [_best(model, case) for case in cases]
        _learn(model, cases)
    return _hits(method, names, split.tested, ranked, label)


def _learn(model: Model, cases: Sequence[Past]) -> None:
    """Let a model learn a batch; one that weighs looks at all of it before it knows the outcome of any."""
    if isinstance(model, Weighed):
        for case in cases:
            model.look(case)
    for case in cases:
        model.learn(case)


def _earned(split: Split, several: Callable[[], Chains], start: date, names: str) -> list[Figures]:
    """Measure the gate as it works day by day, by item and place alone and with the ranking's own certainty."""
    cases, figures = [*split.learned, *split.between, *split.tested], []
    for method, by_certainty in (("gate-earned", False), ("gate-certain", True)):
        passed = pass_gate(cases, several, start, by_certainty=by_certainty)
        precision = passed.hits / passed.automatic if passed.automatic else None
        figures.append(Figures(method, names, automatic=passed.automatic / len(split.tested), precision=precision))
    return figures


def _ceiling(split: Split, label: Callable[[Past], Label], names: str) -> Figures:
    """Measure what the best possible fixed table of item × community would reach, knowing the tested cases."""
    counts: dict[tuple, Counter[Label]] = defaultdict(Counter)
    for case in split.tested:
        counts[case.item, case.subdistrict, case.community][label(case)] += 1
    return Figures("ceiling", names, sum(max(cell.values()) for cell in counts.values()) / len(split.tested))


def _gate(
    method: str,
    names: str,
    tested: Sequence[Past],
    ranked: Sequence[list[Label]],
    model: BackOff,
    earned: Callable[[int, int], bool],
) -> Figures:
    """Measure the share of cases that a cell's record would dispatch by itself, and how many of these rightly."""
    passed = hits = 0
    for case, best in zip(tested, ranked, strict=True):
        cell = model.cell(case, LEAST_CASES)
        if cell.cases >= LEAST_CASES and earned(cell.hits, cell.cases) and best[0] == cell.label:
            passed += 1
            hits += best[0] == model.label(case)
    return Figures(method, names, automatic=passed / len(tested), precision=hits / passed if passed else None)


def _best(model: Model, case: Past) -> list[Label]:
    return [label for label, _share in model.rank(case)[:3]]


def _hits(
    method: str, names: str, tested: Sequence[Past], ranked: Sequence[list[Label]], label: Callable[[Past], Label]
) -> Figures:
    pairs = [(label(case), best) for case, best in zip(tested, ranked, strict=True)]
    return Figures(
        method,
        names,
        top1=sum(best[:1] == [real] for real, best in pairs) / len(pairs),
        top3=sum(real in best for real, best in pairs) / len(pairs),
    )


def _unseen(split: Split, key: Callable[[Past], tuple]) -> float:
    seen = {key(case) for case in split.learned}
    return sum(key(case) not in seen for case in split.tested) / len(split.tested)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

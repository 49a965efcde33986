"""Replay of past cases against a draft: who really closed them, who the list in force names, who the draft names.

Cases that are alike (item, area, unit) are read as one row with their number, so that cost follows the list and the
territory, not the cases. Reads only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from dispatch.choices import WorkRole
from dispatch.models import WorkOrder
from dispatch.workflow import DONE
from dutylist.models import Batch
from dutylist.selectors.drafts import Draft, get_draft
from grid.models import Area, Unit

from .list_states import Chain, ListState, states_of

SAMPLES = 5
EVERY = 500  # groups between two signs of progress

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Past:
    """Cases of one item in one area that one unit closed, and the number of one of them."""

    code: str
    area_id: int
    unit_id: int
    cases: int
    sample: str


@dataclass
class LineTally:
    """What the draft does with the cases of one line."""

    cases: int = 0
    before: int = 0
    after: int = 0
    moved: int = 0
    samples: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, int]:
        """Return the figures as they are kept."""
        return {"cases": self.cases, "before": self.before, "after": self.after, "moved": self.moved}


@dataclass
class Tally:
    """What is counted, over all cases, by unit and by line."""

    cases: int = 0
    agreed_before: int = 0
    agreed_after: int = 0
    moved: int = 0
    better: int = 0
    worse: int = 0
    units: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    lines: dict[str, LineTally] = field(default_factory=lambda: defaultdict(LineTally))
    hits: Counter[str] = field(default_factory=Counter)

    def add(self, past: Past, lines: list[str], before: int | None, after: int | None) -> None:
        """Count cases that are alike: `lines` of the batch concern them."""
        was, will, moves = before == past.unit_id, after == past.unit_id, before != after
        self.cases += past.cases
        self.agreed_before += past.cases * was
        self.agreed_after += past.cases * will
        self.moved += past.cases * moves
        self.better += past.cases * (will and not was)
        self.worse += past.cases * (was and not will)
        for place, unit_id in enumerate((before, after)):
            if unit_id is not None:
                self.units[unit_id][place] += past.cases
        for code in lines:
            self._add_to(self.lines[code], past, was, will, moves)

    def _add_to(self, line: LineTally, past: Past, was: bool, will: bool, moves: bool) -> None:
        line.cases += past.cases
        line.before += past.cases * was
        line.after += past.cases * will
        line.moved += past.cases * moves
        if moves and len(line.samples) < SAMPLES:
            line.samples.append(past.sample)


def replay(batch: Batch, first: date, last: date, *, on: date, progress: Progress) -> dict[str, Any]:
    """Return the figures of a replay of the cases closed from `first` to `last` (dutylist: BatchPreview "replay").

    `on` is the day whose list counts as the one in force. Cases without an item or a place tell nothing and are left
    out, as are those of other districts where the batch is of a district's list.
    """
    draft, past = get_draft(batch), list(closed_cases(batch.owner_area, first, last))
    total = sum(one.cases for one in past)
    progress(0, total)
    before, after = states_of(batch, draft, {one.code for one in past}, on)
    chains, tally = _chains(), Tally()
    for place, one in enumerate(past):
        _judge(one, chains[one.area_id], before, after, draft, tally)
        if place % EVERY == EVERY - 1:
            progress(tally.cases, total)
    progress(total, total)
    return {"from": first, "to": last} | _figures(tally, draft)


def closed_cases(area: Area, first: date, last: date) -> Iterator[Past]:
    """Yield the cases closed in these days within `area`, with the unit that closed the lead work.

    Of imported cases nobody knows when they were closed: they count on the day they came in.
    """
    days = (_midnight(first), _midnight(last + timedelta(days=1)))
    closed = Q(ended_at__gte=days[0], ended_at__lt=days[1])
    imported = Q(ended_at=None, case__registered_at__gte=days[0], case__registered_at__lt=days[1])
    orders = WorkOrder.objects.filter(role=WorkRole.LEAD, parent=None, state=DONE, area__path__startswith=area.path)
    for some in (closed, imported):
        groups = orders.filter(some, case__item__isnull=False).order_by().values("case__item__code", "area", "unit")
        for row in groups.annotate(cases=Count("pk"), sample=Max("case__number")).iterator(chunk_size=5000):
            yield Past(row["case__item__code"], row["area"], row["unit"], row["cases"], row["sample"])


def _judge(past: Past, chain: Chain, before: ListState, after: ListState, draft: Draft, tally: Tally) -> None:
    _code, was = before.answering(past.code, chain, past.unit_id)
    code, will = after.answering(past.code, chain, past.unit_id)
    overlays = {*before.overlays_at(past.code, chain), *after.overlays_at(code, chain)}
    for landed in {code, *after.overlays_at(code, chain)} & draft.items.keys():
        tally.hits[landed] += past.cases
    tally.add(past, sorted(({past.code} | overlays) & draft.items.keys()), was, will)


def _figures(tally: Tally, draft: Draft) -> dict[str, Any]:
    changed = {pk: pair for pk, pair in tally.units.items() if pair[0] != pair[1]}
    names = Unit.objects.in_bulk(changed)
    units = [{"unit": pk, "name": str(names[pk]), "before": was, "after": will} for pk, (was, will) in changed.items()]
    return {
        "cases": tally.cases,
        "agreement_before": _share(tally.agreed_before, tally.cases),
        "agreement_after": _share(tally.agreed_after, tally.cases),
        "moved": tally.moved,
        "better": tally.better,
        "worse": tally.worse,
        "units": sorted(units, key=lambda unit: -abs(unit["after"] - unit["before"])),
        "never_hit": [code for code, item in draft.items.items() if not item.ends and not tally.hits[code]],
        "by_line": {code: line.figures() for code, line in tally.lines.items()},
        "samples": {code: line.samples for code, line in tally.lines.items() if line.samples},
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _chains() -> dict[int, Chain]:
    """Return area → the areas around it, widest first."""
    paths = Area.objects.values_list("pk", "path")
    return {pk: tuple(int(part) for part in path.strip("/").split("/")) for pk, path in paths}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

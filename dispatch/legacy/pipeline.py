"""Imported cases once more through the real decision code, with the duty list as it was learned until a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from dispatch.choices import NeedsPerson
from dispatch.services import decide_many
from grid.models import Area
from intake.models import Case
from shenzhen_gov.core.actor import Actor

from .history import Past
from .learned import learn_rows, write_rows
from .replay import split_cases

BATCH = 500


@dataclass
class Outcome:
    """What the decision code made of the tested cases; `agreed` counts automatic ones that went to the real unit."""

    rows: int
    tested: int = 0
    automatic: int = 0
    agreed: int = 0
    needs_person: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Return the share of cases dispatched without a person."""
        return self.automatic / self.tested if self.tested else 0.0

    @property
    def precision(self) -> float | None:
        """Return the share of the automatic ones that went to the unit that really handled the case."""
        return self.agreed / self.automatic if self.automatic else None

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        facts = {"rows": self.rows, "tested": self.tested, "automatic": self.automatic, "agreed": self.agreed}
        return facts | {
            "share": self.share, "precision": self.precision, "needs_person": dict(self.needs_person),
        }  # fmt: skip


def through_pipeline(
    learn_until: date,
    test_from: date | None = None,
    *,
    district_code: str,
    source: str,
    by: Actor,
    now: datetime,
    earned_only: bool = False,
    keep_rows: bool = False,
    only: Collection[str] | None = None,
) -> Outcome:
    """Learn rows, decide every later case as of its own day, compare; the rows are rolled back unless kept.

    Only the decision is made: no case, work order or clock is written. Raises BadInput and Refused as `replay` and
    `write_rows` do.
    """
    split = split_cases(learn_until, test_from or learn_until, only=only)
    district = Area.objects.get(code=district_code)
    with transaction.atomic():
        rows = learn_rows(split.learned, district, earned_only=earned_only)
        write_rows(rows, until=learn_until, source=source, by=by, now=now)
        outcome = _decide(split.tested, Outcome(len(rows)))
        transaction.set_rollback(not keep_rows)
    return outcome


def _decide(tested: Sequence[Past], outcome: Outcome) -> Outcome:
    for moment, batch in _days(tested):
        real = {case.case_id: case.unit for case in batch}
        cases = Case.objects.filter(pk__in=real).select_related("area__parent", "item")
        for draft in decide_many(list(cases), moment, is_gated=False):
            outcome.tested += 1
            if draft.unit is None:
                outcome.needs_person[str(NeedsPerson(draft.needs_person).label)] += 1
                continue
            outcome.automatic += 1
            outcome.agreed += draft.unit.pk == real[draft.case.pk]
    return outcome


def _days(tested: Sequence[Past]) -> Iterator[tuple[datetime, list[Past]]]:
    """Yield batches of cases of one day, with a moment of that day: the list is read as it was then."""
    for _day, cases in groupby(tested, key=lambda case: timezone.localdate(case.at)):
        remaining = iter(cases)
        while batch := list(islice(remaining, BATCH)):
            yield batch[0].at, batch

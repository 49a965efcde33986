"""The cases behind a figure of a unit with those below it; of one place they are found by `behind`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, F, Func, QuerySet

from analytics.choices import Dimension
from analytics.models import CasePosting, DayFigures
from analytics.parts import key_of
from grid.access import visible_to
from intake.models import Case

from .behind import UNREAD, Place, Wanted, cases_behind, total_behind
from .figures import read_parts, reading


@dataclass(frozen=True)
class WantedBelow(Wanted):
    """A figure of several units together."""

    unit_ids: tuple[int, ...] = ()


def cases_of(wanted: Wanted, user, *, after: Place | None = None, limit: int = 50) -> list[tuple[date, Case]]:
    """Return up to `limit` (day, case), newest first, of what `user` may see; a case of two units comes once a day."""
    if not isinstance(wanted, WantedBelow):
        return cases_behind(wanted, user, after=after, limit=limit)
    found: list[tuple[date, Case]] = []
    for day in _days_with(wanted, after):
        rows = CasePosting.objects.using(reading()).counting_for(wanted.part, day)
        rows = _by_units(rows, key_of(wanted.part, day), wanted.unit_ids)
        rows = rows.filter(is_excluded=False) if wanted.ranked_only else rows
        cases = visible_to(Case.objects.using(reading()), user).filter(pk__in=rows.values("case"))
        if after and day == after.day:
            cases = cases.filter(pk__lt=after.case_id)
        cases = cases.select_related("area", "holder", "item_version", "channel").defer(*UNREAD).order_by("-pk")
        found += [(day, case) for case in cases[: limit - len(found)]]
        if len(found) >= limit:
            break
    return found


def total_of(wanted: Wanted) -> int | None:
    """Return the figure itself, from the roll-ups; None where none is kept so narrow."""
    if not isinstance(wanted, WantedBelow):
        return total_behind(wanted)
    rows = read_parts(Dimension.UNIT, wanted.unit_ids, wanted.period).values()
    code = wanted.part.code
    return sum((row.ranked if wanted.ranked_only else row.everything)[code] for row in rows)


def _days_with(wanted: WantedBelow, after: Place | None) -> Iterable[date]:
    """Return the days, newest first, on which the figure of any of the units is not nought."""
    last = min(wanted.period.last, after.day) if after else wanted.period.last
    rows = DayFigures.objects.using(reading()).of(Dimension.UNIT, wanted.unit_ids, wanted.period.first, last)
    rows = rows.filter(**{f"{wanted.part.code}__gt": 0})
    rows = rows.ranked() if wanted.ranked_only else rows
    return rows.order_by("-period").values_list("period", flat=True).distinct()


def _by_units(rows: QuerySet[CasePosting], key: int, unit_ids: Collection[int]) -> QuerySet[CasePosting]:
    """Keep the cases where one of these units stands beside a key, as CasePostingQuerySet.by_unit does for one."""
    ids = ",".join(str(int(pk)) for pk in unit_ids) or "0"
    beside = Func(
        F("keys"), F("units"), output_field=BooleanField(),
        template="EXISTS (SELECT FROM unnest(%(expressions)s) one(key, unit_id)"
        f" WHERE one.key = {int(key)} AND one.unit_id IN ({ids}))",
    )  # fmt: skip
    return rows.filter(units__overlap=list(unit_ids)).filter(beside)

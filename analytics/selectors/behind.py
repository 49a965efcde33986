"""The cases behind a figure: found by the same postings that the figure was counted from, so both always agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from analytics.choices import Dimension
from analytics.models import CasePosting, DayFigures
from analytics.parts import Part, key_of
from grid.access import visible_to
from grid.choices import Level
from grid.models import Area
from intake.models import Case
from shenzhen_gov.core.lookups import newest_sorted

from .figures import Period, read_parts, reading

UNREAD = (
    "content", "legacy", "item_version__criteria", "item_version__exclusions", "item_version__examples",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A figure: which part, when, where. `area` or `unit`; an item or a channel may narrow an area further."""

    part: Part
    period: Period
    area: Area | None = None
    unit_id: int | None = None
    item_id: int | None = None
    channel_id: int | None = None
    ranked_only: bool = False

    @property
    def place(self) -> Area:
        """Return the area of a figure that is no unit's."""
        if self.area is None:
            raise ValueError("a figure is an area's or a unit's")
        return self.area


@dataclass(frozen=True)
class Place:
    """Where a list goes on: after this case on this day; newest first."""

    day: date
    case_id: int


def cases_behind(wanted: Wanted, user, *, after: Place | None = None, limit: int = 50) -> list[tuple[date, Case]]:
    """Return up to `limit` (day, case), newest first, of what `user` may see; a case counted twice a day comes once.

    The roll-ups say which days have anything, so only those are looked at: the cost follows the page, not the time.
    """
    found: list[tuple[date, Case]] = []
    for day in _days_with(wanted, after):
        cases = visible_to(Case.objects.using(reading()), user).filter(pk__in=_postings(wanted, day).values("case"))
        if after and day == after.day:
            cases = cases.filter(pk__lt=after.case_id)
        newest = cases.order_by(newest_sorted())[: limit - len(found)]
        found += [(day, case) for case in _whole(newest)]
        if len(found) >= limit:
            break
    return found


def _whole(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return these few cases with what a line of the list says of them."""
    rows = Case.objects.using(reading()).filter(pk__in=cases.values("pk"))
    return rows.select_related("area", "holder", "item_version", "channel").defer(*UNREAD).order_by("-pk")


def total_behind(wanted: Wanted) -> int | None:
    """Return the figure itself, from the roll-ups; None where none is kept so narrow."""
    if wanted.unit_id:
        return _total(wanted, Dimension.UNIT, wanted.unit_id, 0)
    if wanted.item_id and not wanted.channel_id:
        is_kept = wanted.place.level <= Level.DISTRICT and wanted.period.split()[1] == []
        return _total(wanted, Dimension.ITEM, wanted.place.pk, wanted.item_id) if is_kept else None
    if wanted.channel_id:
        is_kept = wanted.place.level <= Level.DISTRICT and not wanted.item_id
        return _total(wanted, Dimension.CHANNEL, wanted.place.pk, wanted.channel_id) if is_kept else None
    return _total(wanted, Dimension.AREA, wanted.place.pk, 0)


def _total(wanted: Wanted, dimension: Dimension, scope: int, key: int) -> int:
    parts = read_parts(dimension, [scope], wanted.period, key=key)[scope]
    return (parts.ranked if wanted.ranked_only else parts.everything)[wanted.part.code]


def _days_with(wanted: Wanted, after: Place | None) -> Iterable[date]:
    """Return the days, newest first, on which the figure is not nought."""
    last = min(wanted.period.last, after.day) if after else wanted.period.last
    dimension, scope = (Dimension.UNIT, wanted.unit_id) if wanted.unit_id else (Dimension.AREA, wanted.place.pk)
    rows = DayFigures.objects.using(reading()).of(dimension, [scope], wanted.period.first, last)
    rows = rows.filter(**{f"{wanted.part.code}__gt": 0})
    rows = rows.ranked() if wanted.ranked_only else rows
    return rows.order_by("-period").values_list("period", flat=True).distinct()


def _postings(wanted: Wanted, day: date) -> QuerySet[CasePosting]:
    """Return the postings of the cases that the figure counts on a day."""
    rows = CasePosting.objects.using(reading()).counting_for(wanted.part, day)
    if wanted.area is not None and wanted.area.parent_id is not None:
        rows = rows.filter(area__path__startswith=wanted.area.path)
    if wanted.unit_id:
        rows = rows.by_unit(key_of(wanted.part, day), wanted.unit_id)
    narrow = {"item_id": wanted.item_id, "channel_id": wanted.channel_id}
    rows = rows.filter(Q(**{name: value for name, value in narrow.items() if value is not None}))
    return rows.filter(is_excluded=False) if wanted.ranked_only else rows

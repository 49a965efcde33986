"""The lists of the situation board: hot items, overdue cases, early warnings, special themes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from analytics.choices import Dimension
from analytics.models import EarlyWarning, MonthFigures, SpecialTheme
from analytics.workflow import RUNNING, WARNING_OPEN
from dispatch.models import WorkOrder
from dispatch.selectors import loads
from dutylist.selectors.items import versions_in_force
from grid.access import visible_to
from grid.models import Area, Unit
from shenzhen_gov.core.lists import Count, capped_count

from .figures import Period, month_end, reading
from .themes import list_themes
from .warnings import list_warnings

LIMIT, FEW = 10, 5


@dataclass(frozen=True)
class HotItem:
    """A duty item of the months: how many cases, their share in per cent, and the points it moved."""

    item_id: int
    name: str
    count: int
    share: float
    moved: float


@dataclass(frozen=True)
class Overdue:
    """The open cases past a deadline, the longest first, and how many there are."""

    orders: list[WorkOrder]
    count: Count


def months_of(period: Period) -> Period:
    """Return the whole months that a time touches: items are summed by months."""
    return Period(period.first.replace(day=1), month_end(period.last))


def hot_items(area: Area, period: Period, limit: int = LIMIT) -> list[HotItem]:
    """Return the items with most cases accepted in the months that `period` touches. For the city and districts."""
    months = months_of(period)
    now, before = _accepted(area, months), _accepted(area, months_of(months.before))
    total, total_before = sum(now.values()), sum(before.values())
    top = sorted(((count, pk) for pk, count in now.items() if pk and count), reverse=True)[:limit]
    names = {pk: one.name for pk, one in versions_in_force([pk for _, pk in top], period.last).items()}
    return [
        HotItem(pk, names.get(pk, "—"), count, share, share - _share(before.get(pk, 0), total_before))
        for count, pk in top
        for share in [_share(count, total)]
    ]


def list_overdue(user, area: Area, now: datetime, limit: int = LIMIT) -> Overdue:
    """Return the open cases of an area, in sight of `user`, whose next deadline has passed."""
    rows: QuerySet[WorkOrder] = loads.leads_of_open_cases().filter(loads.due_by(now)[loads.OVERDUE])
    if area.parent_id is not None:
        rows = rows.filter(area__in=Area.objects.below(area).values("pk"))
    return _first_of(visible_to(rows, user), limit)


def list_overdue_of(user, unit: Unit, now: datetime, limit: int = LIMIT) -> Overdue:
    """Return the open cases of a unit and those below it, in sight of `user`, whose next deadline has passed."""
    rows = loads.leads_of_open_cases().filter(loads.due_by(now)[loads.OVERDUE])
    rows = rows.filter(unit__in=Unit.objects.below(unit).values("pk"))
    return _first_of(visible_to(rows, user), limit)


def _first_of(rows: QuerySet[WorkOrder], limit: int) -> Overdue:
    orders = rows.select_related("case", "unit", "area").order_by("next_due_at", "pk")[:limit]
    return Overdue(list(orders), capped_count(rows))


def open_warnings(user, area: Area, limit: int = FEW) -> list[EarlyWarning]:
    """Return the warnings of an area that wait for a verdict, the gravest first, in sight of `user`."""
    rows = list_warnings(user).filter(state=WARNING_OPEN, **_within(area)).order_by("-score", "pk")
    return list(rows[:limit])


def running_themes(user, area: Area, limit: int = FEW) -> list[SpecialTheme]:
    """Return the special themes of an area that are under way, the newest first, of those `user` may read."""
    return list(list_themes(user).filter(state=RUNNING, **_within(area)).order_by("-pk")[:limit])


def _within(area: Area) -> dict[str, str]:
    return {} if area.parent_id is None else {"area__path__startswith": area.path}


def _accepted(area: Area, months: Period) -> dict[int, int]:
    rows = MonthFigures.objects.using(reading()).of(Dimension.ITEM, [area.pk], months.first, months.last)
    return dict(rows.order_by().values_list("key_id").annotate(Sum("accepted")))


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0

"""Which duty items most cases of an area were about."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db.models import Sum

from analytics.choices import Dimension
from analytics.models import CasePosting, DayFigures, MonthFigures
from analytics.parts import BY_CODE
from dutylist.selectors.items import versions_in_force
from grid.choices import Level
from grid.models import Area

from .figures import Period, reading


def hot_items(area: Area, period: Period, most: int) -> list[tuple[str, int]]:
    """Return (name, cases accepted) of the items that had most, most first."""
    counts = count_items(area, period).most_common(most)
    found = versions_in_force([item for item, _ in counts], period.last)
    return [(found[item].name if item in found else str(item), count) for item, count in counts if count]


def count_items(area: Area, period: Period) -> Counter[int]:
    """Return item → cases accepted in an area.

    From the roll-ups where they are kept: of the city by day, of districts by whole months. Else from the postings of
    these very days, at the cost of the cases of the time.
    """
    if area.level == Level.CITY:
        return _rolled_up(DayFigures, area, period)
    if area.level == Level.DISTRICT and period.is_whole_month:
        return _rolled_up(MonthFigures, area, period)
    return _posted(area, period)


def _rolled_up(model: type[DayFigures] | type[MonthFigures], area: Area, period: Period) -> Counter[int]:
    rows = model.objects.using(reading()).of(Dimension.ITEM, [area.pk], period.first, period.last)
    found = rows.exclude(key_id=0).values("key_id").order_by().annotate(cases=Sum("accepted"))
    return Counter({row["key_id"]: row["cases"] for row in found})


def _posted(area: Area, period: Period) -> Counter[int]:
    accepted = BY_CODE["accepted"]
    days = [period.first + timedelta(days=number) for number in range(period.days)]
    counts: Counter[int] = Counter()
    for day in days:
        rows = CasePosting.objects.using(reading()).counting_for(accepted, day)
        rows = rows.filter(area__path__startswith=area.path, item__isnull=False)
        counts.update(rows.values_list("item", flat=True))
    return counts

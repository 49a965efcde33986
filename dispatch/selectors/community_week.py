"""本周对比: what the communities of a subdistrict finished this week, beside each other.

Satisfaction and the week are those of `loads`; on time is here whether the community's own clock was met. Counted from
the work orders that ended since Monday, through the index of what each unit has done: what it costs does not grow with
the history. Kept for a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dispatch.choices import ClockKind, ClockOutcome, WorkRole
from dispatch.models import Clock, WorkOrder
from dispatch.workflow import DONE
from grid.choices import UnitKind
from grid.models import Unit

from .loads import verdicts, week_start

SECONDS_KEPT = 60


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> float | None:
        """Return the share in percent with one decimal, None of nothing."""
        return round(self.part * 100 / self.whole, 1) if self.whole else None


@dataclass
class CommunityWeek:
    """One community's week."""

    unit_id: int
    name: str
    done: int = 0
    on_time: Share = field(default_factory=Share)
    contacted: Share = field(default_factory=Share)
    evaluated: Share = field(default_factory=Share)
    satisfied: Share = field(default_factory=Share)
    rank: int | None = None


def subdistrict_of(units: QuerySet[Unit]) -> Unit | None:
    """Return the unit above the communities among `units`, or the one unit whose communities they are; else None."""
    found = list(Unit.objects.filter(pk__in=units.filter(kind=UnitKind.COMMUNITY).values("parent"))[:2])
    return found[0] if len(found) == 1 else None


def get_week(subdistrict: Unit, now: datetime) -> list[CommunityWeek]:
    """Return this week of every community below a subdistrict's unit, the best on time first."""
    monday = week_start(now)
    key = f"community-week:{subdistrict.pk}:{monday:%Y%m%d}"
    found = cache.get(key)
    if found is None:
        found = _ranked(_count(subdistrict, monday))
        cache.set(key, found, SECONDS_KEPT)
    return found


def _count(subdistrict: Unit, monday: datetime) -> list[CommunityWeek]:
    units = Unit.objects.filter(parent=subdistrict, kind=UnitKind.COMMUNITY, closed_on=None).select_related("home_area")
    weeks = {
        unit.pk: CommunityWeek(unit.pk, unit.home_area.short_name or unit.home_area.name)
        for unit in units.order_by("path")
    }
    for row in _figures(list(weeks), monday):
        week = weeks[row["unit"]]
        week.done = row["done"]
        week.on_time = Share(row["on_time"], row["judged"])
        week.contacted = Share(row["contacted"], row["to_contact"])
        week.evaluated = Share(row["evaluated"], row["done"])
        week.satisfied = Share(row["satisfied"], row["evaluated"])
    return list(weeks.values())


def _figures(unit_ids: list[int], monday: datetime) -> QuerySet:
    """Return a row of counts for each unit that finished anything this week."""
    to_contact = Q(contact_due__isnull=False, first_contact__isnull=False)
    return (
        _ended(unit_ids, monday)
        .order_by()
        .values("unit")
        .annotate(
            done=Count("pk"),
            judged=Count("handled"),
            on_time=Count("pk", filter=Q(handled=ClockOutcome.MET)),
            to_contact=Count("pk", filter=to_contact),
            contacted=Count("pk", filter=to_contact & Q(first_contact__lte=F("contact_due"))),
            evaluated=Count("is_satisfied"),
            satisfied=Count("pk", filter=Q(is_satisfied=True)),
        )
    )


def _ended(unit_ids: list[int], monday: datetime) -> QuerySet:
    """Return what the units finished since Monday, with what is judged about each work order."""
    clocks = Clock.objects.filter(case=OuterRef("case"), work_order=OuterRef("pk")).order_by("-pk")
    below = WorkOrder.objects.filter(case=OuterRef("case"), parent=OuterRef("pk")).order_by().values("parent")
    verdict = verdicts().filter(case=OuterRef("case"), number=OuterRef("round")).values("satisfied")
    handled = clocks.filter(kind=ClockKind.HANDLING, outcome__in=(ClockOutcome.MET, ClockOutcome.LATE))
    ended = WorkOrder.objects.filter(unit__in=unit_ids, ended_at__gte=monday, state=DONE, role=WorkRole.LEAD)
    return ended.annotate(
        handled=Subquery(handled.values("outcome")[:1]),
        contact_due=Subquery(clocks.filter(kind=ClockKind.FIRST_CONTACT).values("due_at")[:1]),
        first_contact=Coalesce(
            "contacted_at", Subquery(below.annotate(at=Min("contacted_at")).values("at")), output_field=DateTimeField()
        ),
        is_satisfied=Subquery(verdict[:1]),
    )


def _ranked(weeks: list[CommunityWeek]) -> list[CommunityWeek]:
    """Return the communities by their share on time, equal ones on the same rank; without any done last."""
    weeks.sort(key=lambda week: (-(week.on_time.percent if week.on_time.percent is not None else -1), -week.done))
    for place, week in enumerate(weeks, 1):
        before = weeks[place - 2] if place > 1 else None
        if week.on_time.percent is not None:
            is_equal = before is not None and before.on_time.percent == week.on_time.percent
            week.rank = before.rank if before is not None and is_equal else place
    return weeks

"""What the pages of the gate and of the weekly report show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from dispatch.gate.weekly import BUCKETS
from dispatch.models import DispatchWeek, GateCell, GateSwitch
from grid.models import Area, Unit

WEEKS_SHOWN = 26
SWITCHES_SHOWN = 10
UNITS_SHOWN = 20


@dataclass(frozen=True)
class Share:
    """A part of a whole; `percent` is None where there is no whole."""

    part: int = 0
    of: int = 0

    @property
    def percent(self) -> float | None:
        """Return the share in per cent."""
        return 100 * self.part / self.of if self.of else None


@dataclass(frozen=True)
class WeekRow:
    """One week of one area, ready to be shown."""

    week: DispatchWeek

    def __getattr__(self, name: str) -> Share:
        if name.startswith("_"):
            raise AttributeError(name)
        return Share(*self.week.figures.get(name, (0, 0)))

    @property
    def dispatched(self) -> int:
        """Return how many cases were dispatched for the first time."""
        return self.first_right.of


@dataclass(frozen=True)
class UnitReturns:
    """What a unit gave back of what it was sent first."""

    unit: Unit | None
    share: Share


@dataclass(frozen=True)
class Bucket:
    """Of cases that the cell's record promised `low` to `high` per cent for, how many were right."""

    low: int
    high: int
    share: Share


def get_weeks(user, area: Area | None) -> list[WeekRow]:
    """Return the newest weeks of an area in sight, newest first."""
    if area is None:
        return []
    rows = DispatchWeek.objects.visible_to(user).filter(area=area).select_related("area")
    return [WeekRow(week) for week in rows[:WEEKS_SHOWN]]


def get_report_areas(user) -> QuerySet[Area]:
    """Return the areas in sight that have weekly figures: the city, then its districts."""
    known = DispatchWeek.objects.visible_to(user).values("area")
    return Area.objects.filter(pk__in=known).order_by("level", "code")


def get_returns(row: WeekRow) -> list[UnitReturns]:
    """Return the units that gave back most in a week."""
    kept = row.week.figures.get("units", [])[:UNITS_SHOWN]
    units = Unit.objects.in_bulk([unit for unit, _part, _of in kept])
    return [UnitReturns(units.get(unit), Share(part, of)) for unit, part, of in kept]


def get_calibration(row: WeekRow) -> list[Bucket]:
    """Return what was promised beside what came true, highest promise first."""
    step = 100 // BUCKETS
    kept = sorted(row.week.figures.get("buckets", []), reverse=True)
    return [Bucket(place * step, (place + 1) * step, Share(part, of)) for place, part, of in kept]


def get_cells(user) -> QuerySet[GateCell]:
    """Return the cells of the gate in sight, with what a row shows."""
    return GateCell.objects.visible_to(user).select_related("item", "version", "area", "unit")


def get_switches() -> list[GateSwitch]:
    """Return the last turns of the switch, newest first."""
    return list(GateSwitch.objects.all()[:SWITCHES_SHOWN])

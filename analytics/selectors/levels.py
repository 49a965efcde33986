"""四级一览: how much each area has to do and how well it goes, one level below a given area.

Live figures, kept for a minute. Whatever counts differently one day (roll-ups) only has to answer `get_levels`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from analytics.choices import LEVEL_READERS
from dispatch.selectors import loads
from grid.access import grants_of, lacking
from grid.models import Area, Staff
from shenzhen_gov.core.exceptions import OutOfSight

SECONDS_KEPT = 60


@dataclass
class Figures:
    """The figures of one area; shares are None where there is nothing to divide."""

    open: int = 0
    due_today: int = 0
    overdue: int = 0
    closed: int = 0
    late: int = 0
    measured: int = 0  # of those closed, what satisfaction is measured by
    rated: int = 0
    satisfied: int = 0
    staff: int = 0

    def add(self, **counts: int) -> None:
        """Count further."""
        for name, count in counts.items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def on_time_share(self) -> float | None:
        """Return how many per cent of what was closed was closed by its deadline."""
        return _percent(self.closed - self.late, self.closed)

    @property
    def satisfaction(self) -> float | None:
        """Return how many per cent of the verdicts are good."""
        return _percent(self.satisfied, self.rated)

    @property
    def rated_share(self) -> float | None:
        """Return how many per cent of what could be rated was rated."""
        return _percent(self.rated, self.measured)


@dataclass
class LevelRow:
    """One area below, or (`is_rest`) what lies in the area itself and in none of those."""

    code: str
    name: str
    figures: Figures = field(default_factory=Figures)
    is_rest: bool = False
    is_active: bool = True


@dataclass
class Levels:
    """An area, the areas below it, and their sum."""

    rows: list[LevelRow]
    total: Figures
    made_at: datetime


def may_open(user, area: Area) -> bool:
    """Whether one of the roles that read figures is held for the area."""
    return user.is_superuser or any(
        grants_of(user).covers(act, unit_path=None, area_path=area.path) for act in LEVEL_READERS
    )


def get_area(user, code: str) -> Area:
    """Return an area whose figures `user` reads. Raises OutOfSight outside the territory, NotAllowed inside."""
    area = Area.objects.visible_to(user).filter(code=code).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    if not may_open(user, area):
        raise lacking(*LEVEL_READERS)
    return area


def home_area(user) -> Area | None:
    """Return the widest area whose figures `user` reads."""
    if user.is_superuser:
        return Area.objects.order_by("level", "path").first()
    paths = {grant.area_path for grant in grants_of(user).rows if grant.act in LEVEL_READERS and grant.area_path}
    return Area.objects.filter(path__in=paths).order_by("level", "path").first()


def get_levels(area: Area, now: datetime) -> Levels:
    """Return the figures one level below `area`; up to a minute old."""
    key = f"analytics.levels.{area.pk}"
    found = cache.get(key)
    if found is None:
        found = _count(area, now)
        cache.set(key, found, SECONDS_KEPT)
    return found


def _count(area: Area, now: datetime) -> Levels:
    children = list(Area.objects.filter(parent=area).order_by("code"))
    rows = {child.pk: LevelRow(child.code, child.name, is_active=child.is_active) for child in children}
    rest = LevelRow(area.code, area.name, is_rest=True)
    within, depth = _areas_below(area)
    for area_id, counts in _all_counts(within, now):
        path = within.paths.get(area_id or area.pk)
        if path is None:
            continue
        child = rows.get(path[depth]) if len(path) > depth else None
        (child or rest).figures.add(**counts)
    shown = [row for row in rows.values() if row.is_active or any(asdict(row.figures).values())]
    shown += [rest] if any(asdict(rest.figures).values()) else []
    total = Figures()
    for row in shown:
        total.add(**asdict(row.figures))
    return Levels(shown, total, now)


@dataclass(frozen=True)
class _Within:
    """The areas at and below one: id → the ids of the areas around it, widest first. `whole`: all there are."""

    paths: dict[int, list[int]]
    whole: bool

    def narrow(self, rows: QuerySet, name: str) -> QuerySet:
        """Narrow rows to those areas; of the whole city also to what lies in no known place."""
        return rows if self.whole else rows.filter(**{f"{name}__in": list(self.paths)})


def _areas_below(area: Area) -> tuple[_Within, int]:
    """Return the areas below, and at which place of their paths the children of `area` stand."""
    found = Area.objects.below(area).values_list("pk", "path")
    paths = {pk: [int(part) for part in path.strip("/").split("/")] for pk, path in found}
    return _Within(paths, whole=area.parent_id is None), len(paths[area.pk])


def _all_counts(within: _Within, now: datetime) -> Iterable[tuple[int | None, dict[str, int]]]:
    """Yield (area, counts): each query groups by area, so that its rows are areas and not cases."""
    week = loads.week_start(now)
    sources: list[tuple[QuerySet, str, dict[str, Q | None]]] = [
        (loads.leads_of_open_cases(), "area", {"open": None, **loads.due_by(now)}),
        (loads.cases_without_work_order(), "area", {"open": None}),
        (loads.closed_since(week), "area", {"closed": None, "late": loads.LATE_CLOSING, "measured": loads.MEASURED}),
        (loads.verdicts_since(week), "case__area", {"rated": None, "satisfied": Q(satisfied=True)}),
        (Staff.objects.filter(is_active=True, unit__closed_on=None), "unit__home_area", {"staff": None}),
    ]
    for rows, name, wanted in sources:
        yield from _grouped(within.narrow(rows, name), name, {key: _counted("pk", q) for key, q in wanted.items()})
    clocks = {key: _counted("case", q, distinct=True) for key, q in loads.clocks_due_by(now).items()}
    yield from _grouped(within.narrow(loads.clocks_before_dispatch(), "case__area"), "case__area", clocks)


def _counted(name: str, condition: Q | None, *, distinct: bool = False) -> Count:
    return Count(name, filter=condition, distinct=distinct)


def _grouped(rows: QuerySet, name: str, counts: dict[str, Count]) -> Iterable[tuple[int | None, dict[str, int]]]:
    named = {f"n_{key}": count for key, count in counts.items()}
    for row in rows.order_by().values_list(name, named=False).annotate(**named):
        yield row[0], dict(zip(counts, row[1:], strict=True))


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None

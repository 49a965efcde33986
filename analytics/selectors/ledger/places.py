"""Who stands in a ranking, and who may see which line of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from analytics.choices import LEDGER_READERS
from analytics.selectors.figures import month_end
from grid.access import grants_of
from grid.choices import Act
from grid.models import Area, Unit

from .tables import Basis, Place, Score


def places_of(basis: Basis, month: date) -> list[Place]:
    """Return the areas or units of the peer group that there were in the month."""
    if basis.ranks_areas:
        areas = Area.objects.filter(level=basis.level, is_active=True).order_by("code")
        return [Place(area.pk, area.code, area.name, area.path) for area in areas]
    units = Unit.objects.filter(level=basis.level, kind=basis.unit_kind).open_on(month_end(month)).order_by("code")
    return [Place(unit.pk, unit.code, unit.name, unit.path) for unit in units]


def may_read(user) -> bool:
    """Whether the ledger is open to somebody at all."""
    return user.is_superuser or bool(grants_of(user).acts().intersection(LEDGER_READERS))


def keeps_everywhere(user) -> bool:
    """Whether somebody keeps the assessment of the whole city: proposes, freezes and corrects months."""
    return any(grant.whole_city and grant.act == Act.KEEP_ASSESSMENT for grant in grants_of(user).rows)


def is_in_sight(user, basis: Basis, place: Place) -> bool:
    """Whether somebody sees into a place: its cases and what each counted."""
    sight = grants_of(user).sight
    if user.is_superuser or sight.whole_city:
        return True
    return any(place.path.startswith(path) for path in (sight.area_paths if basis.ranks_areas else sight.unit_paths))


def lines_for(user, basis: Basis, scores: Iterable[Score]) -> list[Score]:
    """Return the lines somebody sees: those in sight; all of them when one is their own (peers read peers)."""
    scores = list(scores)
    own = _own_paths(user, basis)
    if user.is_superuser or grants_of(user).sight.whole_city or any(score.place.path in own for score in scores):
        return scores
    return [score for score in scores if is_in_sight(user, basis, score.place)]


def _own_paths(user, basis: Basis) -> set[str]:
    """Return the paths of the very places where somebody works."""
    rows = grants_of(user).rows
    return {grant.home_path for grant in rows if grant.area_path} if basis.ranks_areas else {
        grant.unit_path for grant in rows
    }  # fmt: skip


def sees(user) -> Callable[[Basis], bool]:
    """Return the question whether somebody has any line in a ranking; two queries for all of them."""
    if user.is_superuser or grants_of(user).sight.whole_city:
        return lambda basis: True
    levels = set(Area.objects.visible_to(user).order_by().values_list("level", flat=True).distinct())
    kinds = set(Unit.objects.visible_to(user).order_by().values_list("level", "kind").distinct())
    return lambda basis: basis.level in levels if basis.ranks_areas else (basis.level, basis.unit_kind) in kinds

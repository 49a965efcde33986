"""How a rental is graded: points are added up, and some findings put it at a level by themselves. Plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from grid.models import Area, GradeCriterion, GradeLevel, GradeScheme
from shenzhen_gov.core.exceptions import BadInput

MOST_POINTS = 1_000


@dataclass(frozen=True)
class Graded:
    """What an assessment came to; `forced_by` are the findings that alone ask for the level reached."""

    points: int
    level: GradeLevel
    forced_by: tuple[str, ...] = ()


def scheme_on(area: Area, day: date) -> GradeScheme | None:
    """Return the scheme in force on `day` where `area` lies: the newest of its district."""
    around = [int(part) for part in area.path.strip("/").split("/")]
    return (
        GradeScheme.objects.filter(area__in=around, is_active=True, effective_from__lte=day)
        .order_by("-area__level", "-effective_from")
        .first()
    )


def levels_of(scheme: GradeScheme) -> list[GradeLevel]:
    """Return the levels, mildest first. Raises BadInput for a scheme that has none from 0 points on."""
    levels = sorted(scheme.levels.all(), key=lambda level: level.from_points)
    if not levels or levels[0].from_points:
        text = _("The scheme “%(name)s” has no level that begins at 0 points; an administrator has to mend it.")
        raise BadInput(text % {"name": scheme.name})
    return levels


def level_for(levels: Sequence[GradeLevel], points: int) -> GradeLevel:
    """Return the level that so many points lead to; `levels` begin with the mildest."""
    return [level for level in levels if level.from_points <= points][-1]


def grade(levels: Sequence[GradeLevel], found: Iterable[GradeCriterion]) -> Graded:
    """Add up what was found. A criterion with `at_least` lifts the grade to that level, never lowers it."""
    found = list(found)
    points = min(sum(criterion.points for criterion in found), MOST_POINTS)
    by_points = level_for(levels, points)
    floors = [level for level in levels if level.pk in {criterion.at_least_id for criterion in found}]
    level = max([by_points, *floors], key=lambda one: one.from_points)
    if level.pk == by_points.pk:
        return Graded(points, level)
    return Graded(points, level, tuple(one.text for one in found if one.at_least_id == level.pk))


def next_due(level: GradeLevel, day: date) -> date | None:
    """Return by when a rental of this level is visited again; None where the level is not visited."""
    return day + timedelta(days=level.visit_every_days) if level.visit_every_days else None

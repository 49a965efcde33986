"""Grading schemes 分级办法: brought by files, changed by administrators, each version with its day and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid.choices import Level
from grid.models import Area, GradeCriterion, GradeLevel, GradeScheme
from grid.services.reference import Reference, load_rows, save_row
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .grading import MOST_POINTS


@dataclass(frozen=True)
class SchemeRow:
    """A scheme; `area` is the code of its district."""

    code: str
    name: str
    area: str
    effective_from: date
    source: str


@dataclass(frozen=True)
class LevelRow:
    """A level of a scheme, named by the scheme's code."""

    code: str
    scheme: str
    name: str
    colour: str
    tone: str
    from_points: int
    visit_every_days: int | None
    is_forbidden: bool


@dataclass(frozen=True)
class CriterionRow:
    """A criterion of a scheme; `at_least` is the code of a level, or empty."""

    code: str
    scheme: str
    group: str
    text: str
    points: int
    at_least: str


@dataclass(frozen=True)
class SchemeFile:
    """What the three files of grading schemes hold."""

    schemes: list[SchemeRow]
    levels: list[LevelRow]
    criteria: list[CriterionRow]

    def __len__(self) -> int:
        """Return how many schemes there are."""
        return len(self.schemes)


@dataclass(frozen=True)
class SchemeValues:
    """The columns of a scheme."""

    code: str
    name: str
    area_id: int
    effective_from: date
    source: str
    is_active: bool = True


@dataclass(frozen=True)
class LevelValues:
    """The columns of a level."""

    code: str
    scheme_id: int
    name: str
    colour: str
    tone: str
    from_points: int
    visit_every_days: int | None
    is_forbidden: bool


@dataclass(frozen=True)
class CriterionValues:
    """The columns of a criterion."""

    code: str
    scheme_id: int
    group: str
    text: str
    points: int
    at_least_id: int | None
    is_active: bool = True


@transaction.atomic
def load_grade_schemes(file: SchemeFile, *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add what is missing of the schemes, their levels and criteria; see `reference.load_rows`."""
    areas = _ids(Area, {row.area for row in file.schemes})
    rows = [SchemeValues(row.code, row.name, areas[row.area], row.effective_from, row.source) for row in file.schemes]
    changes = load_rows(SCHEMES, rows, overwrite=overwrite, by=by, now=now)
    schemes = _ids(GradeScheme, {row.scheme for row in file.levels} | {row.scheme for row in file.criteria})
    levels = [
        LevelValues(
            row.code, schemes[row.scheme], row.name, row.colour, row.tone, row.from_points, row.visit_every_days,
            row.is_forbidden,
        )
        for row in file.levels
    ]  # fmt: skip
    changes += load_rows(LEVELS, levels, overwrite=overwrite, by=by, now=now)
    floors: dict[str, int | None] = {"": None}
    floors |= _ids(GradeLevel, {row.at_least for row in file.criteria if row.at_least})
    criteria = [
        CriterionValues(row.code, schemes[row.scheme], row.group, row.text, row.points, floors[row.at_least])
        for row in file.criteria
    ]
    return changes + load_rows(CRITERIA, criteria, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_grade_scheme(row: SchemeValues, *, by: Actor, now: datetime) -> GradeScheme:
    """Add or change one scheme. Raises BadInput for an area that is no district, or a day that has one already."""
    return save_row(SCHEMES, row, by=by, now=now)


@transaction.atomic
def save_grade_level(row: LevelValues, *, by: Actor, now: datetime) -> GradeLevel:
    """Add or change one level. Raises BadInput for points that another level begins with."""
    return save_row(LEVELS, row, by=by, now=now)


@transaction.atomic
def save_grade_criterion(row: CriterionValues, *, by: Actor, now: datetime) -> GradeCriterion:
    """Add or change one criterion. Raises BadInput for a level of another scheme."""
    return save_row(CRITERIA, row, by=by, now=now)


def _check_scheme(row: SchemeValues) -> None:
    if not Area.objects.filter(pk=row.area_id, level=Level.DISTRICT).exists():
        raise BadInput(_("A scheme belongs to a district."), field="area")
    same = GradeScheme.objects.filter(area=row.area_id, effective_from=row.effective_from).exclude(code=row.code)
    if same.exists():
        raise BadInput(_("The district has a scheme from this day on already."), field="effective_from")


def _check_level(row: LevelValues) -> None:
    if not 0 <= row.from_points <= MOST_POINTS:
        raise BadInput(_("Points lie between 0 and %(most)s.") % {"most": MOST_POINTS}, field="from_points")
    if row.visit_every_days is not None and not 1 <= row.visit_every_days <= 366:
        raise BadInput(_("Between 1 and 366 days lie from visit to visit."), field="visit_every_days")
    same = GradeLevel.objects.filter(scheme=row.scheme_id, from_points=row.from_points).exclude(code=row.code)
    if same.exists():
        raise BadInput(_("Another level begins with as many points."), field="from_points")


def _check_criterion(row: CriterionValues) -> None:
    if not 0 <= row.points <= MOST_POINTS:
        raise BadInput(_("Points lie between 0 and %(most)s.") % {"most": MOST_POINTS}, field="points")
    if not row.at_least_id:
        return
    if not GradeLevel.objects.filter(pk=row.at_least_id, scheme=row.scheme_id).exists():
        raise BadInput(_("This level belongs to another scheme."), field="at_least")


def _ids(model, codes: set[str]) -> dict[str, int]:
    """Return code → id. Raises BadInput naming a code that is not there."""
    found = dict(model.objects.filter(code__in=codes).values_list("code", "pk"))
    if unknown := sorted(codes - found.keys()):
        raise BadInput(_("There is no “%(code)s”.") % {"code": unknown[0][:40]})
    return found


SCHEMES = Reference(GradeScheme, "code", "grade_scheme.changed", label="name", check=_check_scheme)
LEVELS = Reference(GradeLevel, "code", "grade_scheme.changed", label="name", kept=(), check=_check_level)
CRITERIA = Reference(GradeCriterion, "code", "grade_scheme.changed", label="text", check=_check_criterion)

"""Corrections of a frozen month by the lines of a ranking that they concern."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from analytics.models import AssessmentMonth, Correction

from .tables import Basis, Place, Score


def corrections_for(row: AssessmentMonth, basis: Basis, scores: Iterable[Score]) -> dict[int, list[Correction]]:
    """Return place → its corrections in the order they were made."""
    codes = [column.code for column in basis.columns]
    found = _with_paths(Correction.objects.filter(month=row, indicator__in=codes))
    if not found:
        return {}
    places = {score.place.id: score.place for score in scores}
    return {pk: mine for pk, place in places.items() if (mine := _of(place, found, is_area=basis.ranks_areas))}


def corrections_of(row: AssessmentMonth, place: Place, *, is_area: bool) -> list[Correction]:
    """Return the corrections of one place."""
    return _of(place, _with_paths(Correction.objects.filter(month=row)), is_area=is_area)


def _with_paths(rows) -> list[Correction]:
    return list(rows.annotate(area_path=F("area__path"), unit_path=F("unit__path")).order_by("pk"))


def _of(place: Place, corrections: list[Correction], *, is_area: bool) -> list[Correction]:
    name = "area_path" if is_area else "unit_path"
    return [one for one in corrections if (getattr(one, name) or "").startswith(place.path)]

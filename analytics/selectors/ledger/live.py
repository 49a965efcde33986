"""A ranking counted now: the roll-ups of the month, without what agreed exclusions take out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F

from analytics.choices import Dimension
from analytics.models import AssessmentScheme, CasePosting, ExclusionRequest
from analytics.parts import read_key
from analytics.selectors.figures import Parts, Period, month_end, read_parts, reading, versions_for
from grid.models import Unit

from .places import places_of
from .tables import Basis, Column, Place, Ranking, Result, Score, make_basis, put_in_order, rate, total_of

# indicator → path of the case's area and of the unit → part → what does not count, and of it what would be ranked
Taken = dict[str, list[tuple[str, str, str, int, bool]]]


def bases_for(month: date) -> list[Basis]:
    """Return the schemes in force in a month, with the versions of the indicators in force then."""
    versions = versions_for(month)
    return [make_basis(scheme, versions) for scheme in AssessmentScheme.objects.in_force(month)]


def count_ranking(basis: Basis, month: date) -> Ranking:
    """Return what the scheme says of the month now."""
    places = places_of(basis, month)
    taken = taken_out(month)
    sums = _sums(basis, places, Period(month, month_end(month)))
    scores = [_score(basis, place, sums[place.id], taken) for place in places]
    return Ranking(month, basis, put_in_order(basis, scores))


def count_place(columns: Iterable[Column], place: Place, month: date, *, is_area: bool) -> dict[str, Result]:
    """Return the rates of one place, whether or not a scheme ranks it."""
    dimension = Dimension.AREA if is_area else Dimension.UNIT
    ids = [place.id] if is_area else list(_units_below([place]))
    parts = Parts()
    for found in read_parts(dimension, ids, Period(month, month_end(month))).values():
        parts = parts.plus(found)
    taken = taken_out(month)
    return {column.code: _result(column, parts, _sum_taken(taken[column.code], place, is_area)) for column in columns}


def taken_out(month: date) -> Taken:
    """Return what the agreed exclusions of a month take out: of each case what it counted for, at the unit that asked.

    The postings of those cases alone are read, so the cost follows the number of exclusions.
    """
    taken: Taken = defaultdict(list)
    agreed = ExclusionRequest.objects.agreed(month).annotate(
        unit_path=F("unit__path"), code=F("indicator__code"), posted=F("case__pk")
    )
    asked = {(row.case_id, row.unit_id, row.code): row.unit_path for row in agreed}
    rows = CasePosting.objects.using(reading()).filter(pk__in={case for case, _, _ in asked})
    postings = {row.pk: row for row in rows.select_related("area")}
    for (case, unit, code), unit_path in asked.items():
        if row := postings.get(case):
            area_path = row.area.path if row.area else ""
            taken[code] += [
                (part, area_path, unit_path, amount, not row.is_excluded) for part, amount in _amounts(row, unit, month)
            ]
    return taken


def _amounts(row: CasePosting, unit: int, month: date) -> Iterable[tuple[str, int]]:
    for key, holder, amount in zip(row.keys, row.units, row.amounts, strict=True):
        part, day = read_key(key)
        if holder == unit and day.replace(day=1) == month:
            yield part.code, amount


def _sums(basis: Basis, places: list[Place], period: Period) -> Mapping[int, Parts]:
    """Return place → its parts; a unit counts with everything below it."""
    if basis.ranks_areas:
        return read_parts(Dimension.AREA, [place.id for place in places], period)
    above = _units_below(places)
    sums = {place.id: Parts() for place in places}
    for unit, parts in read_parts(Dimension.UNIT, list(above), period).items():
        sums[above[unit]] = sums[above[unit]].plus(parts)
    return sums


def _units_below(places: list[Place]) -> dict[int, int]:
    """Return unit → the place it counts for: the places themselves and the units below them."""
    ids = {place.id for place in places}
    if len(places) == 1:
        rows = Unit.objects.filter(path__startswith=places[0].path).values_list("pk", "path")
    else:
        rows = Unit.objects.filter(level__gte=1).values_list("pk", "path")
    found = {}
    for pk, path in rows:
        above = next((int(part) for part in reversed(path.strip("/").split("/")) if int(part) in ids), None)
        if above is not None:
            found[pk] = above
    return found


def _score(basis: Basis, place: Place, parts: Parts, taken: Taken) -> Score:
    results = {
        column.code: _result(column, parts, _sum_taken(taken[column.code], place, basis.ranks_areas))
        for column in basis.columns
    }
    total = total_of(basis, results)
    return Score(place, parts.everything[basis.counted_by], total, results=results)


def _sum_taken(rows: list[tuple[str, str, str, int, bool]], place: Place, is_area: bool) -> Parts:
    less = Parts()
    for part, area_path, unit_path, amount, is_ranked in rows:
        if (area_path if is_area else unit_path).startswith(place.path):
            less.everything[part] += amount
            less.ranked[part] += amount if is_ranked else 0
    return less


def _result(column: Column, parts: Parts, less: Parts) -> Result:
    have, out = (parts.ranked, less.ranked) if column.is_ranked_only else (parts.everything, less.everything)
    numerator = sum(have[code] - out[code] for code in column.numerator)
    denominator = sum(have[code] - out[code] for code in column.denominator)
    return Result(numerator, denominator, rate(numerator, denominator))

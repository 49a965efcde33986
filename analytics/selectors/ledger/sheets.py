"""The rates of one place in a month, and where it stands in the rankings it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from .cases import Where, sum_frozen
from .exclusions import bases_of
from .frozen import read_scores
from .live import count_place
from .tables import Basis, Column, Result, Score


@dataclass(frozen=True)
class Rates:
    """What a sheet shows above its cases; standings only of a frozen month: a running one is ranked on its page."""

    results: dict[str, Result]
    standings: list[tuple[Basis, Score]]


def rates_of(where: Where, columns: list[Column]) -> Rates:
    """Return the rates of a place: as they were frozen, else counted now."""
    if not where.month.is_frozen:
        return Rates(count_place(columns, where.place, where.month.month, is_area=where.is_area), [])
    key = {"area_id": where.place.id} if where.is_area else {"unit_id": where.place.id}
    scores = read_scores(where.month, **key)
    standings = [(basis, scores[basis.code]) for basis in bases_of(where.month) if basis.code in scores]
    results = {code: result for _, score in reversed(standings) for code, result in score.results.items()}
    missing = [column for column in columns if column.code not in results]
    if missing and not where.is_area:  # units are few cases; of areas only what was published is shown
        results |= sum_frozen(where, missing)
    return Rates(results, standings)

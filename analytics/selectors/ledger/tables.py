"""What a ranking is made of, counted now or read as it was frozen: pages and files know no difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

from analytics.choices import Better, PlaceKind
from analytics.models import AssessmentScheme, IndicatorVersion

HUNDREDTH = Decimal("0.01")
BASIS = ("code", "name", "name_en", "place", "level", "unit_kind", "counted_by", "minimum", "source", "is_sample")
MEANING = ("number", "numerator", "denominator", "is_ranked_only", "better", "formula", "formula_en", "source")


@dataclass(frozen=True)
class Column:
    """An indicator as a scheme uses it: the version in words and parts, and its weight."""

    code: str
    name: str
    name_en: str
    weight: float
    number: int
    numerator: list[str]
    denominator: list[str]
    is_ranked_only: bool
    better: str
    target: str
    formula: str
    formula_en: str
    source: str

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if _is_chinese() else self.name_en

    @property
    def words(self) -> str:
        """Return the formula in the language of the page."""
        return self.formula if _is_chinese() else self.formula_en

    @property
    def parts(self) -> set[str]:
        """Return the parts it is made of."""
        return {*self.numerator, *self.denominator}

    @property
    def is_lower_better(self) -> bool:
        """Whether few are good."""
        return self.better == Better.LOWER


@dataclass(frozen=True)
class Basis:
    """A scheme with its columns, as they were in the month."""

    code: str
    name: str
    name_en: str
    place: str
    level: int
    unit_kind: str
    counted_by: str
    minimum: int
    source: str
    is_sample: bool
    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if _is_chinese() else self.name_en

    @property
    def ranks_areas(self) -> bool:
        """Whether its places are areas."""
        return self.place == PlaceKind.AREA

    @property
    def parts(self) -> set[str]:
        """Return all parts that its figures are made of."""
        return {self.counted_by}.union(*(column.parts for column in self.columns))


@dataclass(frozen=True)
class Place:
    """An area or a unit, by the name of the time. `path` is of its kind of tree."""

    id: int
    code: str
    name: str
    path: str


@dataclass
class Result:
    """One rate: what was divided by what, told with two digits, and the rank by it alone."""

    numerator: int = 0
    denominator: int = 0
    value: Decimal | None = None
    rank: int | None = None


@dataclass
class Score:
    """What a scheme says of one place."""

    place: Place
    cases: int = 0
    total: Decimal | None = None
    rank: int | None = None
    results: dict[str, Result] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranking:
    """A scheme in a month: who stands where. `digest` only of what was frozen."""

    month: date
    basis: Basis
    scores: list[Score]
    digest: str = ""


def make_basis(scheme: AssessmentScheme, versions: Mapping[str, IndicatorVersion]) -> Basis:
    """Return what a scheme and the versions in force say, in the order of the catalogue."""
    weights = scheme.weights
    columns = tuple(_column(version, weights[code]) for code, version in versions.items() if code in weights)
    return Basis(**{name: getattr(scheme, name) for name in BASIS}, columns=columns)


def read_basis(kept: Mapping) -> Basis:
    """Return a basis as it was frozen."""
    return Basis(**{**kept, "columns": tuple(Column(**column) for column in kept["columns"])})


def rate(numerator: int, denominator: int) -> Decimal | None:
    """Return per cent with two digits, None where there is nothing to divide."""
    if not denominator:
        return None
    return (Decimal(100) * numerator / denominator).quantize(HUNDREDTH, ROUND_HALF_UP)


def total_of(basis: Basis, results: Mapping[str, Result]) -> Decimal | None:
    """Return the weighted mean of the rates that have a value; of one where few are good, what is left to 100."""
    weighed = [
        (Decimal(str(column.weight)), _points(column, value))
        for column in basis.columns
        if column.weight and (value := results[column.code].value) is not None
    ]
    weights = sum(weight for weight, _ in weighed)
    if not weights:
        return None
    return (sum(weight * points for weight, points in weighed) / weights).quantize(HUNDREDTH, ROUND_HALF_UP)


def put_in_order(basis: Basis, scores: Iterable[Score]) -> list[Score]:
    """Set the ranks and return the scores, best first; equal ones share a rank, who is too small comes last without."""
    scores = list(scores)
    ranked = [score for score in scores if score.cases >= basis.minimum]
    _rank(ranked, lambda score: score.total, lambda score, rank: setattr(score, "rank", rank))
    for column in basis.columns:
        sign = -1 if column.is_lower_better else 1
        _rank(
            ranked,
            lambda score, code=column.code, sign=sign: _signed(score.results[code].value, sign),
            lambda score, rank, code=column.code: setattr(score.results[code], "rank", rank),
        )
    return sorted(scores, key=lambda score: (score.rank is None, score.rank or 0, score.place.code))


def _rank(scores: list[Score], value, keep) -> None:
    there = sorted((score for score in scores if value(score) is not None), key=value, reverse=True)
    rank, before = 0, None
    for number, score in enumerate(there, 1):
        if value(score) != before:
            rank, before = number, value(score)
        keep(score, rank)


def _signed(value: Decimal | None, sign: int) -> Decimal | None:
    return None if value is None else sign * value


def _points(column: Column, value: Decimal) -> Decimal:
    return max(Decimal(0), 100 - value) if column.is_lower_better else value


def _column(version: IndicatorVersion, weight: float) -> Column:
    indicator = version.indicator
    facts = {name: getattr(version, name) for name in MEANING}
    target = "" if version.target is None else f"{version.target.normalize():f}"
    return Column(
        code=indicator.code, name=indicator.name, name_en=indicator.name_en, weight=weight, target=target, **facts
    )


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")

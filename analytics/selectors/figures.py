"""Figures of a time: the parts that were posted, and what the indicators make of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connections
from django.db.models import Sum

from analytics.choices import Better, Dimension, Measure
from analytics.models import DayFigures, IndicatorVersion, MonthFigures
from analytics.parts import CODES
from analytics.querysets import FiguresQuerySet

HUNDRED, MINUTES_OF_AN_HOUR = 100, 60
SCALE = {Measure.COUNT: 1.0, Measure.PERCENT: HUNDRED, Measure.HOURS: 1 / MINUTES_OF_AN_HOUR, Measure.TIMES: 1.0}


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """Return the time just before, as long: a whole month for a whole month (环比)."""
        end = self.first - timedelta(days=1)
        if self.is_whole_month:
            return Period(end.replace(day=1), end)
        return Period(end - timedelta(days=self.days - 1), end)

    @property
    def year_before(self) -> Period:
        """Return the same days of the year before (同比); the 29th of February becomes the 28th."""
        if self.is_whole_month:
            first = self.first.replace(year=self.first.year - 1)
            return Period(first, month_end(first))
        return Period(_year_before(self.first), _year_before(self.last))

    @property
    def is_whole_month(self) -> bool:
        """Whether it is one calendar month."""
        return self.first.day == 1 and self.last == month_end(self.first)

    def split(self) -> tuple[list[date], list[Period]]:
        """Return the first days of the whole months in it, and the days left over before and after them."""
        month, months, rest = self.first, [], []
        while month <= self.last:
            end = min(month_end(month), self.last)
            if month.day == 1 and end == month_end(month):
                months.append(month)
            else:
                rest.append(Period(month, end))
            month = end + timedelta(days=1)
        return months, rest


@dataclass
class Parts:
    """What was posted, by the code of the part; and the same without law enforcement and mediation."""

    everything: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CODES, 0))
    ranked: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CODES, 0))

    def add(self, amounts: Sequence[int], *, is_excluded: bool) -> None:
        """Count further; the amounts are in the order of CODES."""
        for counted in (self.everything,) if is_excluded else (self.everything, self.ranked):
            for code, amount in zip(CODES, amounts, strict=True):
                counted[code] += amount

    def plus(self, other: Parts) -> Parts:
        """Return both together."""
        total = Parts()
        for one in (self, other):
            for code in CODES:
                total.everything[code] += one.everything[code]
                total.ranked[code] += one.ranked[code]
        return total


@dataclass(frozen=True)
class Value:
    """An indicator of a time and place; `value` is None where there is nothing to divide."""

    version: IndicatorVersion
    value: float | None
    numerator: float = 0
    denominator: float = 0

    @property
    def is_good(self) -> bool | None:
        """Whether the target is reached; None without a target or a value."""
        target = self.version.target
        if target is None or self.value is None or self.version.better == Better.NONE:
            return None
        return self.value >= target if self.version.better == Better.HIGHER else self.value <= target


def reading() -> str:
    """Return the name of the database that figures are read from: the replica where there is one.

    Within a transaction it is the database itself: what is written there must agree with what was read.
    """
    return "replica" if "replica" in connections and not connections["default"].in_atomic_block else "default"


def read_parts(
    dimension: Dimension, scopes: Collection[int], period: Period, *, key: int = 0, by_key: bool = False
) -> dict[int, Parts]:
    """Return scope → what was posted in the time; every scope named is in it. `by_key`: key → instead of scope →.

    Whole months are read from the months, what is left over from the days. Duty items are kept by day for the city
    only, so a district's items are read by whole months: the months that the time touches.
    """
    found: dict[int, Parts] = {} if by_key else {scope: Parts() for scope in scopes}
    name = "key_id" if by_key else "scope_id"
    for rows in _rows(dimension, scopes, period):
        rows = rows if by_key or not key else rows.filter(key_id=key)
        for one, is_excluded, amounts in rows.sums(name):
            found.setdefault(one, Parts()).add(amounts, is_excluded=is_excluded)
    return found


def read_days(
    dimension: Dimension, scope: int, period: Period, codes: Iterable[str], *, ranked_only: bool = False
) -> dict[date, dict[str, int]]:
    """Return day → code → what was posted, for each day of the time on which anything was."""
    rows = DayFigures.objects.using(reading()).of(dimension, [scope], period.first, period.last)
    rows = rows.ranked() if ranked_only else rows
    sums = {f"sum_{code}": Sum(code) for code in codes}
    found = rows.values("period").order_by("period").annotate(**sums)
    return {row["period"]: {code: row[f"sum_{code}"] for code in codes} for row in found}


def versions_for(day: date) -> dict[str, IndicatorVersion]:
    """Return code → the version in force on a day, in the order of the catalogue."""
    versions = IndicatorVersion.objects.in_force(day).order_by("indicator__order", "indicator__code")
    return {version.indicator.code: version for version in versions}


def evaluate(versions: Mapping[str, IndicatorVersion], parts: Parts) -> dict[str, Value]:
    """Return code → value. Those that are a mean of others come out of the values of the others."""
    plain = {code: _value(version, parts) for code, version in versions.items() if not version.weights}
    mixed = {code: _mean(version, plain) for code, version in versions.items() if version.weights}
    return {code: plain[code] if code in plain else mixed[code] for code in versions}


def month_end(day: date) -> date:
    """Return the last day of the month a day lies in."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _rows(dimension: Dimension, scopes: Collection[int], period: Period) -> Iterable[FiguresQuerySet]:
    if dimension == Dimension.ITEM:
        first = period.first.replace(day=1)
        yield MonthFigures.objects.using(reading()).of(dimension, scopes, first, period.last)
        return
    months, rest = period.split()
    if months:
        yield MonthFigures.objects.using(reading()).of(dimension, scopes, months[0], months[-1])
    for part in rest:
        yield DayFigures.objects.using(reading()).of(dimension, scopes, part.first, part.last)


def _value(version: IndicatorVersion, parts: Parts) -> Value:
    amounts = parts.ranked if version.is_ranked_only else parts.everything
    numerator = sum(amounts[code] for code in version.numerator)
    if not version.denominator:
        return Value(version, float(numerator), numerator)
    denominator = sum(amounts[code] for code in version.denominator)
    value = SCALE[Measure(version.measure)] * numerator / denominator if denominator else None
    return Value(version, value, numerator, denominator)


def _mean(version: IndicatorVersion, values: Mapping[str, Value]) -> Value:
    """Return the weighted mean of the indicators that have a value."""
    there = [
        (weight, found.value)
        for code, weight in version.weights.items()
        if (found := values.get(code)) and found.value is not None
    ]
    total = sum(weight for weight, _ in there)
    mean = sum(weight * value for weight, value in there) / total if total else None
    return Value(version, mean)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)

"""How indicators went month by month, each month by the definition that held then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from analytics.models import IndicatorVersion, MonthFigures

from .board import Scope
from .figures import Parts, Value, evaluate, month_end, reading

MONTHS = 24


def months_before(day: date, count: int = MONTHS) -> list[date]:
    """Return the first days of the last `count` whole months that are over on `day`, oldest first."""
    first = day.replace(day=1)
    found = []
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found[::-1]


def read_months(scope: Scope, months: Collection[date]) -> dict[date, Parts]:
    """Return month → what was posted in it, for every month named."""
    found = {month: Parts() for month in months}
    rows = MonthFigures.objects.using(reading()).of(scope.dimension, [scope.area.pk], min(months), max(months))
    rows = rows.filter(key_id=scope.key) if scope.key else rows
    for month, is_excluded, amounts in rows.sums("period"):
        if month in found:
            found[month].add(amounts, is_excluded=is_excluded)
    return found


def get_trend(scope: Scope, codes: Collection[str], months: Collection[date]) -> dict[date, dict[str, Value]]:
    """Return month → code → value."""
    history = _history(codes)
    parts = read_months(scope, months)
    return {month: evaluate(_in_force(history, month_end(month)), parts[month]) for month in months}


def _history(codes: Collection[str]) -> Mapping[str, list[IndicatorVersion]]:
    history: dict[str, list[IndicatorVersion]] = defaultdict(list)
    rows = IndicatorVersion.objects.filter(indicator__code__in=codes, indicator__is_active=True)
    for version in rows.select_related("indicator").order_by("-effective_from"):
        history[version.indicator.code].append(version)
    return history


def _in_force(history: Mapping[str, list[IndicatorVersion]], day: date) -> dict[str, IndicatorVersion]:
    found = {code: next((one for one in rows if one.effective_from <= day), None) for code, rows in history.items()}
    return {code: version for code, version in found.items() if version is not None}

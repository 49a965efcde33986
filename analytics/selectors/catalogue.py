"""Reading the catalogue of indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from analytics.models import Indicator, IndicatorVersion

from .figures import versions_for


@dataclass(frozen=True)
class Entry:
    """An indicator with what it means now; `coming` is a version that is published and not yet in force."""

    indicator: Indicator
    version: IndicatorVersion | None
    coming: IndicatorVersion | None


def list_catalogue(today: date) -> list[Entry]:
    """Return every indicator in use, in the order of the catalogue."""
    now = versions_for(today)
    coming: dict[str, IndicatorVersion] = {}
    for version in IndicatorVersion.objects.filter(effective_from__gt=today).select_related("indicator"):
        coming[version.indicator.code] = version
    rows = Indicator.objects.filter(is_active=True)
    return [Entry(one, now.get(one.code), coming.get(one.code)) for one in rows]


def get_indicator(code: str) -> Indicator | None:
    """Return an indicator, in use or not."""
    return Indicator.objects.filter(code=code).first()


def versions_of(indicator: Indicator) -> QuerySet[IndicatorVersion]:
    """Return every version, the newest first."""
    return indicator.versions.select_related("indicator").order_by("-effective_from")


def defining(part: str, day: date) -> list[IndicatorVersion]:
    """Return the indicators that count a part, as they read on a day."""
    return [one for one in versions_for(day).values() if part in one.numerator or part in one.denominator]

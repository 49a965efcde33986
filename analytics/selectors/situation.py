"""Everything the roll-ups say on one board, kept until they are refreshed: many people open the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from analytics.models import FiguresState

from .board import WITH_ITEMS, Board, Scope, Span, get_board
from .figures import Value
from .hot import HotItem, hot_items
from .trend import get_trend, months_before

SECONDS_KEPT = 60
TREND = ("accepted", "on_time", "satisfaction")


@dataclass(frozen=True)
class Situation:
    """The board of an area in a time, how it went month by month, and what people ask about most."""

    board: Board
    months: list[date]
    trend: Mapping[date, Mapping[str, Value]]
    hot: list[HotItem]
    state: FiguresState | None

    @property
    def has_items(self) -> bool:
        """Whether hot items are summed here."""
        return _has_items(self.board.scope)


def get_situation(scope: Scope, span: Span, rank_level: int | None = None) -> Situation:
    """Return all of it. What is kept is named after the last refresh, so that nobody sees figures older than that."""
    state = FiguresState.objects.first()
    if state is None or state.refreshed_at is None:
        return _read(scope, span, rank_level, state)
    parts = (scope.area.pk, scope.item_id, scope.channel_id, span.period.first, span.period.last, span.today)
    key = "analytics.situation." + ".".join(map(str, (*parts, rank_level or 0, state.refreshed_at.timestamp())))
    found = cache.get(key)
    if found is None:
        found = _read(scope, span, rank_level, state)
        cache.set(key, found, SECONDS_KEPT)
    return found


def _read(scope: Scope, span: Span, rank_level: int | None, state: FiguresState | None) -> Situation:
    months = months_before(span.today)
    hot = hot_items(scope.area, span.period) if _has_items(scope) else []
    return Situation(get_board(scope, span, rank_level), months, get_trend(scope, TREND, months), hot, state)


def _has_items(scope: Scope) -> bool:
    return not scope.key and scope.area.level in WITH_ITEMS

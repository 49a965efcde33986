"""The addresses of the lists behind figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from analytics.models import IndicatorVersion
from analytics.parts import BY_CODE
from analytics.selectors.board import Scope
from analytics.selectors.figures import Parts, Period

MINUTES = ("late_minutes", "late_limit_minutes", "natural_minutes", "working_minutes")  # sums, not cases


@dataclass(frozen=True)
class PartLink:
    """One part of an indicator: what it counts, how much, and the cases."""

    words: str
    amount: int
    address: str

    @property
    def told(self) -> str:
        """Return the amount as it is read."""
        return f"{self.amount:,}"


def behind(scope: Scope, part: str, period: Period, *, ranked: bool = False) -> str:
    """Return the address of the cases that a part counts."""
    asked = {"part": part, "area": scope.area.code, "first": period.first, "last": period.last}
    asked |= {"item": scope.item_id} if scope.item_id else {}
    asked |= {"channel": scope.channel_id} if scope.channel_id else {}
    asked |= {"ranked": 1} if ranked else {}
    return f"{reverse('analytics:behind')}?{urlencode(asked)}"


def parts_of(version: IndicatorVersion, side: Iterable[str], scope: Scope, period: Period, parts: Parts):
    """Return the parts of one side of an indicator."""
    amounts = parts.ranked if version.is_ranked_only else parts.everything
    return [
        PartLink(str(BY_CODE[code].words), amounts[code], behind(scope, code, period, ranked=version.is_ranked_only))
        for code in side
    ]

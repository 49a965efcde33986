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
from analytics.selectors.unit_figures import UnitScope

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


def behind(scope: Scope | UnitScope, part: str, period: Period, *, ranked: bool = False) -> str:
    """Return the address of the cases that a part counts."""
    asked = {"part": part, **_place(scope), "first": period.first, "last": period.last}
    asked |= {"ranked": 1} if ranked else {}
    return f"{reverse('analytics:behind')}?{urlencode(asked)}"


def _place(scope: Scope | UnitScope) -> dict:
    if isinstance(scope, UnitScope):
        return {"unit": scope.unit.pk} | ({} if scope.is_alone else {"below": 1})
    narrow = {"item": scope.item_id, "channel": scope.channel_id}
    return {"area": scope.area.code} | {name: pk for name, pk in narrow.items() if pk}


def parts_of(version: IndicatorVersion, side: Iterable[str], scope: Scope | UnitScope, period: Period, parts: Parts):
    """Return the parts of one side of an indicator."""
    amounts = parts.ranked if version.is_ranked_only else parts.everything
    return [
        PartLink(str(BY_CODE[code].words), amounts[code], behind(scope, code, period, ranked=version.is_ranked_only))
        for code in side
    ]

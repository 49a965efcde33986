"""Several back-offs side by side, their beliefs averaged: each goes another way from the wide cell to the narrow one.

By subdistrict, by community, by channel, and by channel from the very beginning. What each of them is wrong about
differs, so that the average is better than the best of them. Nothing is weighted.

The narrowest cell of all is what became of the same item in the same community in the last hours: troubles come in
bursts, and who has one of them gets the next one too. Its half-life was chosen on the rows before October 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .backoff import BackOff, Label, blend
from .history import Past, Role

HALF_LIFE = timedelta(hours=5)
LEAST_BELIEF = 0.5  # of a case in what is not fresh, however much is
GONE = 1e-6


class Fresh(BackOff):
    """A back-off whose narrowest cell, the item in the community, fades within hours."""

    def __init__(self, label: Callable[[Past], Label], roles: Mapping[Any, Role] | None = None, chain=None):
        super().__init__(label, roles, chain)
        self.fading: dict[tuple, dict[str, float]] = {}
        self.since: dict[tuple, datetime] = {}

    def learn(self, case: Past) -> None:
        """Count one case, and what is fresh at its place."""
        super().learn(case)
        key = (case.item, case.community)
        counts = self._faded(key, case.at)
        function = self.function_of(case)
        self.fading[key] = counts | {function: counts.get(function, 0.0) + 1.0}
        self.since[key] = case.at

    def belief(self, case: Past) -> dict[Label, float]:
        """Return labels with their probability."""
        fresh = self._here(self._faded((case.item, case.community), case.at), case)
        return blend(fresh, super().belief(case), LEAST_BELIEF)

    def _faded(self, key: tuple, now: datetime) -> dict[str, float]:
        """Return the counts of a place as they are worth now."""
        if key not in self.fading:
            return {}
        left = 0.5 ** (max(now - self.since[key], timedelta(0)) / HALF_LIFE)
        return {function: count * left for function, count in self.fading[key].items() if count * left > GONE}


class Chains:
    """What `BackOff` is, made of several."""

    def __init__(self, label: Callable[[Past], Label], roles: Mapping[Any, Role] | None = None):
        self.label = label
        self.models = [Fresh(label, roles, chain) for chain in CHAINS]

    def learn(self, case: Past) -> None:
        """Count one case."""
        for model in self.models:
            model.learn(case)

    def rank(self, case: Past) -> list[tuple[Label, float]]:
        """Return labels with their probability, best first; empty before anything was learned."""
        belief: dict[Label, float] = {}
        for model in self.models:
            for label, share in model.rank(case):
                belief[label] = belief.get(label, 0.0) + share / len(self.models)
        return sorted(belief.items(), key=lambda entry: (-entry[1], str(entry[0])))


def _by_subdistrict(case: Past) -> tuple[tuple, ...]:
    return *_by_item(case), ("subdistrict", case.item, case.subdistrict)


def _by_community(case: Past) -> tuple[tuple, ...]:
    return *_by_item(case), ("community", case.item, case.community)


def _by_channel(case: Past) -> tuple[tuple, ...]:
    return *_by_item(case), ("channel", case.item, case.channel)


def _within_channel(case: Past) -> tuple[tuple, ...]:
    channel = case.channel
    return (
        ("all",), ("of", channel), ("of", channel, case.top), ("of", channel, case.top, case.main),
        ("of", channel, "item", case.item), ("of", channel, "item", case.item, case.subdistrict),
    )  # fmt: skip


def _by_item(case: Past) -> tuple[tuple, ...]:
    return ("all",), ("top", case.top), ("main", case.top, case.main), ("item", case.item)


CHAINS = (_by_subdistrict, _by_community, _by_channel, _within_channel)

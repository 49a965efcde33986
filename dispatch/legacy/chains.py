"""Several back-offs side by side, their beliefs averaged: each goes another way from the wide cell to the narrow one.

By subdistrict, by community, by channel, and by channel from the very beginning. What each of them is wrong about
differs, so that the average is better than the best of them. Nothing is weighted.

The narrowest cell of all is what became of the same item in the same community in the last hours: troubles come in
bursts, and who has one of them gets the next one too. Its half-life was chosen on the rows before October 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from .backoff import BackOff, Label, blend
from .fading import Fading
from .history import Past, Role

HALF_LIFE = timedelta(hours=5)
LEAST_BELIEF = 0.5  # of a case in what is not fresh, however much is


class Fresh(BackOff):
    """A back-off whose narrowest cell, the item in the community, fades within hours."""

    def __init__(self, label: Callable[[Past], Label], roles: Mapping[Any, Role] | None = None, chain=None):
        super().__init__(label, roles, chain)
        self.fading = Fading(HALF_LIFE)

    def learn(self, case: Past) -> None:
        """Count one case, and what is fresh at its place."""
        super().learn(case)
        self.fading.add((case.item, case.community), self.function_of(case), case.at)

    def belief(self, case: Past) -> dict[Label, float]:
        """Return labels with their probability."""
        fresh = self._here(self.fading.at((case.item, case.community), case.at), case)
        return blend(fresh, super().belief(case), LEAST_BELIEF)


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
        return self.average([model.belief(case) for model in self.models])

    @staticmethod
    def average(beliefs: Sequence[Mapping[Label, float]]) -> list[tuple[Label, float]]:
        """Return what several believe on average, best first."""
        mean: dict[Label, float] = {}
        for belief in beliefs:
            for label, share in belief.items():
                mean[label] = mean.get(label, 0.0) + share / len(beliefs)
        return sorted(mean.items(), key=lambda entry: (-entry[1], str(entry[0])))


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

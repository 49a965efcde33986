"""Several back-offs side by side, their beliefs averaged: each goes another way from the wide cell to the narrow one.

By subdistrict, by community, by channel, and by channel from the very beginning. What each of them is wrong about
differs, so that the average is better than the best of them. Nothing is weighted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .backoff import BackOff, Label
from .history import Past, Role


class Chains:
    """What `BackOff` is, made of several."""

    def __init__(self, label: Callable[[Past], Label], roles: Mapping[Any, Role] | None = None):
        self.label = label
        self.models = [BackOff(label, roles, chain) for chain in CHAINS]

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

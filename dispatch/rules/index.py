"""Which rules can concern a case at all: each rule stands under keys one of which a matching case must have.

A key is (field, value): a word in a text, an area around the place, an item, a channel. So a case is held against the
few rules that share a key with it, not against all; rules without such a key are tried on every case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import ahocorasick

from .conditions import Group, Leaf, Node
from .fields import Kind, Reading

Key = tuple[str, Any]
# Which keys tell cases apart best, the best first.
COST = {
    Kind.CODE: 0, Kind.ITEM: 1, Kind.DAY: 2, Kind.TEXT: 3, Kind.AREA: 4, Kind.CHANNEL: 5, Kind.NUMBER: 6,
    Kind.CHOICE: 7, Kind.FLAG: 8,
}  # fmt: skip


class RuleIndex:
    """The keys of many conditions."""

    def __init__(self, conditions: Sequence[Node]):
        self.everywhere: list[int] = []
        self.places: dict[str, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, condition in enumerate(conditions):
            self._add(place, condition)
        self.words = {code: _automaton(table) for code, table in self.places.items() if _is_text(code)}

    def _add(self, place: int, condition: Node) -> None:
        keys = _keys_of(condition)
        if keys is None:
            self.everywhere.append(place)
            return
        for code, value in keys[1]:
            self.places[code][value].append(place)

    def candidates(self, reading: Reading) -> list[int]:
        """Return the places of the conditions that may hold, in their order."""
        found = set(self.everywhere)
        for code, table in self.places.items():
            for value in self._values(code, reading):
                if value in table:
                    found.update(table[value])
        return sorted(found)

    def _values(self, code: str, reading: Reading) -> Iterable[Any]:
        if code == "area":
            path = reading[code] or ""
            ends = [place + 1 for place, letter in enumerate(path) if letter == "/"]
            return [path[:end] for end in ends]
        if code in self.words:
            return {word for _end, word in self.words[code].iter(reading[code])}
        return (reading[code],)


def _is_text(code: str) -> bool:
    return code in {"text", "title", "content", "wish", "address"}


def _automaton(words: Iterable[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return automaton


def _keys_of(node: Node) -> tuple[int, list[Key]] | None:
    """Return (cost, keys one of which every matching case has), None where there are none."""
    if isinstance(node, Leaf):
        return _keys_of_leaf(node)
    return _keys_of_group(node)


def _keys_of_group(group: Group) -> tuple[int, list[Key]] | None:
    parts = [_keys_of(part) for part in group.parts]
    known = [part for part in parts if part is not None]
    if group.mode == "all":
        return min(known, key=lambda part: (part[0], len(part[1])), default=None)
    if len(known) < len(parts) or not parts:
        return None
    return max(cost for cost, _keys in known), [key for _cost, keys in known for key in keys]


def _keys_of_leaf(leaf: Leaf) -> tuple[int, list[Key]] | None:
    code, cost = leaf.field.code, COST[leaf.field.kind]
    if leaf.op in {"contains_any", "in_area"}:
        return cost, [(code, value) for value in leaf.known]
    if leaf.op == "contains_all":
        return cost, [(code, max(leaf.known, key=len))]
    if leaf.op in {"eq", "in"} and leaf.field.code != "is_working_day":
        keys = [(code, value) for value in leaf.known]
        return (cost, keys) if not _is_text(code) else (cost, [(code, leaf.known[0])])
    return None

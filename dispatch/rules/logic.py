"""What follows from what in conditions, as far as it can be proved: "no" never means that the opposite holds.

A condition is spread out into alternatives, each a list of leaves that must all hold. Everything here is sound: what is
called impossible can match no case, and what is said to follow holds for every case (a property test tries).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from .conditions import Leaf, Node
from .fields import EARLIEST, FIELDS, LATEST, REGEX_TEXT, Kind

ALTERNATIVES = 256  # a condition that spreads out into more is not looked into
PARTS_OF_TEXT = ("title", "content")
COMPARED = {Kind.CODE, Kind.CHOICE, Kind.CHANNEL, Kind.ITEM, Kind.FLAG, Kind.NUMBER, Kind.DAY}
Alternative = Sequence[Leaf]


def alternatives(node: Node) -> list[tuple[Leaf, ...]] | None:
    """Return the ways in which the condition can hold, None where there are too many to look into."""
    if isinstance(node, Leaf):
        return [(node,)]
    parts = [alternatives(part) for part in node.parts]
    if any(part is None for part in parts):
        return None
    if node.mode == "any":
        found = [one for part in parts for one in part or ()]
        return found if len(found) <= ALTERNATIVES else None
    count = 1
    for part in parts:
        count *= len(part or ())
        if count > ALTERNATIVES:
            return None
    return [
        tuple(leaf for part in parts_chosen for leaf in part) for parts_chosen in product(*(p or () for p in parts))
    ]


def is_impossible(leaves: Alternative) -> bool:
    """Whether no case can meet all of these leaves."""
    by_field: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        by_field.setdefault(leaf.field.code, []).append(leaf)
    for code, own in by_field.items():
        kind = FIELDS[code].kind
        if kind in COMPARED and Span.of(own).is_empty():
            return True
        if kind is Kind.AREA and _areas_clash(own):
            return True
    return any(_texts_clash(code, by_field) for code in by_field if FIELDS[code].kind is Kind.TEXT)


def implies(before: Node, after: Node) -> bool:
    """Whether every case that meets `before` provably meets `after`."""
    ways, goals = alternatives(before), alternatives(after)
    if ways is None or goals is None:
        return False
    return all(is_impossible(way) or any(_reaches(way, goal) for goal in goals) for way in ways)


def overlaps(one: Node, other: Node) -> bool:
    """Whether some case may meet both: true unless the opposite can be proved."""
    mine, theirs = alternatives(one), alternatives(other)
    if mine is None or theirs is None:
        return True
    return any(not is_impossible((*way, *their)) for way in mine for their in theirs)


@dataclass
class Span:
    """The values of a compared field that leaves leave over; `allowed` None: whatever is not excluded."""

    allowed: set | None = None
    excluded: set = field(default_factory=set)
    low: Any = None
    high: Any = None
    leaves: list[Leaf] = field(default_factory=list)

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> Span:
        """Return what the leaves, all on one field, leave over."""
        span = cls()
        for leaf in leaves:
            span.take(leaf)
        return span

    def take(self, leaf: Leaf) -> None:
        """Narrow by one leaf."""
        if self.allowed is None and leaf.field.domain:
            self.allowed = set(leaf.field.domain)
        self.leaves.append(leaf)
        if leaf.op in {"eq", "in"}:
            self.allowed = set(leaf.known) if self.allowed is None else self.allowed & set(leaf.known)
        elif leaf.op in {"ne", "not_in"}:
            self.excluded |= set(leaf.known)
        elif leaf.op == "between":
            low, high = leaf.known
            self.low = low if self.low is None else max(self.low, low)
            self.high = high if self.high is None else min(self.high, high)
        if self.allowed is not None:
            self.allowed = {value for value in self.allowed if self.meets(value)}

    def meets(self, value) -> bool:
        """Whether a value meets every leaf taken so far."""
        return all(leaf.test(value) for leaf in self.leaves)

    def is_empty(self) -> bool:
        """Whether no value is left."""
        if self.allowed is not None:
            return not self.allowed
        return self.low is not None and self.low > self.high

    def answers(self, leaf: Leaf) -> bool:
        """Whether every value that is left meets another leaf on the field."""
        if self.allowed is not None:
            return all(leaf.test(value) for value in self.allowed)
        if leaf.op in {"ne", "not_in"}:
            return set(leaf.known) <= self.excluded or self._is_outside(leaf.known)
        if leaf.op == "between":
            low, high = leaf.known
            return (self.low or EARLIEST) >= low and (self.high or LATEST) <= high
        return leaf in self.leaves

    def _is_outside(self, values: tuple) -> bool:
        return self.low is not None and all(not self.low <= value <= self.high for value in values)


def _reaches(way: Alternative, goal: Alternative) -> bool:
    return all(_follows(way, leaf) for leaf in goal)


def _follows(way: Alternative, leaf: Leaf) -> bool:
    """Whether one leaf holds wherever a way does."""
    own = [one for one in way if one.field is leaf.field]
    if leaf in own:
        return True
    if leaf.field.kind in COMPARED:
        return Span.of(own).answers(leaf) if own else _always(leaf)
    if leaf.field.kind is Kind.AREA:
        return _area_follows(own, leaf)
    return _text_follows(way, leaf)


def _always(leaf: Leaf) -> bool:
    """Whether every value of the field meets the leaf."""
    return bool(leaf.field.domain) and all(leaf.test(value) for value in leaf.field.domain)


def _apart(one: str, other: str) -> bool:
    return not one.startswith(other) and not other.startswith(one)


def _areas_clash(leaves: list[Leaf]) -> bool:
    inside = [leaf.known for leaf in leaves if leaf.op == "in_area"]
    outside = [path for leaf in leaves if leaf.op == "not_in_area" for path in leaf.known]
    for place, paths in enumerate(inside):
        if all(any(path.startswith(out) for out in outside) for path in paths):
            return True
        if any(all(_apart(a, b) for a in paths for b in others) for others in inside[place + 1 :]):
            return True
    return False


def _area_follows(own: list[Leaf], leaf: Leaf) -> bool:
    inside = [one.known for one in own if one.op == "in_area"]
    outside = [path for one in own if one.op == "not_in_area" for path in one.known]
    if leaf.op == "in_area":
        return any(all(path.startswith(leaf.known) for path in paths) for paths in inside)
    return all(
        any(path.startswith(out) for out in outside) or any(all(_apart(a, path) for a in paths) for paths in inside)
        for path in leaf.known
    )


def _texts_clash(code: str, by_field: dict[str, list[Leaf]]) -> bool:
    """Whether what must and what must not stand in one text exclude each other."""
    own = by_field[code]
    within = [leaf for part in PARTS_OF_TEXT if code == "text" for leaf in by_field.get(part, [])]
    never = [word for leaf in own if leaf.op == "contains_none" for word in leaf.known]
    exact = {leaf.known[0] for leaf in own if leaf.op == "eq"}
    if len(exact) > 1 or any(not leaf.test(text) for text in exact for leaf in own if _is_total(leaf, text)):
        return True
    return any(_cannot_stand(leaf, never) for leaf in (*own, *within))


def _is_total(leaf: Leaf, text: str) -> bool:
    """Whether the answer for the exact text is the answer for the case: patterns see only its beginning."""
    return leaf.op != "regex" or len(text) <= REGEX_TEXT


def _cannot_stand(leaf: Leaf, never: list[str]) -> bool:
    """Whether what the leaf asks for brings in a word that must not stand there."""
    broken = [any(word in asked for word in never) for asked in leaf.known]
    if leaf.op == "contains_any":
        return all(broken)
    return leaf.op in {"contains_all", "eq"} and any(broken)


def _text_follows(way: Alternative, leaf: Leaf) -> bool:
    """Whether a leaf on a text follows; what stands in the title or the content stands in the text of both."""
    sources = {leaf.field.code, *(PARTS_OF_TEXT if leaf.field.code == "text" else ())}
    near = [one for one in way if one.field.code in sources]
    exact = next((one.known[0] for one in near if one.op == "eq" and one.field is leaf.field), None)
    if exact is not None:
        return leaf.test(exact)
    if leaf.op == "contains_any":
        return any(_brings(one, leaf.known) for one in near)
    if leaf.op == "contains_all":
        return all(any(_brings(one, (word,)) for one in near) for word in leaf.known)
    if leaf.op == "contains_none":
        own = [word for one in near if one.op == "contains_none" and one.field is leaf.field for word in one.known]
        return all(any(barred in word for barred in own) for word in leaf.known)
    return False


def _brings(leaf: Leaf, words: tuple[str, ...]) -> bool:
    """Whether a leaf that holds brings one of the words into its text."""
    has = [any(word in asked for word in words) for asked in leaf.known if isinstance(asked, str)]
    if leaf.op == "contains_any":
        return all(has)
    return leaf.op in {"contains_all", "eq"} and any(has)

"""The condition of a rule: a tree of groups and leaves as JSON, at most two groups deep.

    {"all": [{"field": "text", "op": "contains_any", "value": ["路灯", "灯杆"]},
             {"any": [{"field": "urgency", "op": "eq", "value": "urgent"}, …]}]}

Areas, duty items, channels and units are named by their stable codes. A leaf that cannot be answered raises; "no" of
another part of an "all" and "yes" of another part of an "any" decide all the same, in whatever order the parts stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as given
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

from .fields import FIELDS, MANY, OPERATORS, REGEX_TEXT, Field, Kind, Reading, fold
from .patterns import compile_pattern

DEPTH, LEAVES, VALUES, LONGEST_VALUE = 2, 24, 60, 60
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
Test = Callable[[Any], bool]


class RowError(BadInput):
    """What is wrong with one leaf; `row` counts leaves from 0 in the order of the tree."""

    def __init__(self, text, *, row: int, field: str = "value"):
        super().__init__(text, field=field)
        self.row = row


@dataclass
class Names:
    """What the codes in rules stand for, as far as it is known here."""

    areas: dict[str, str] = given(default_factory=dict)  # code → path
    items: dict[str, int] = given(default_factory=dict)  # code → id
    channels: dict[str, int] = given(default_factory=dict)

    @classmethod
    def of_entered(cls, leaf: dict[str, Any]) -> Names:
        """Return the codes of one leaf as known: they were just looked up, and only the leaf's form is in question."""
        value = leaf["value"]
        codes = [code for code in (value if isinstance(value, list) else [value]) if isinstance(code, str)]
        return cls(dict.fromkeys(codes, ""), dict.fromkeys(codes, 0), dict.fromkeys(codes, 0))

    def of(self, kind: Kind) -> dict[str, Any] | None:
        """Return code → what is compared, None where the value itself is."""
        tables: dict[Kind, dict[str, Any]] = {Kind.AREA: self.areas, Kind.ITEM: self.items, Kind.CHANNEL: self.channels}
        return tables.get(kind)


@dataclass(frozen=True)
class Leaf:
    """One question. `values` are as they were written (folded), `known` what they stand for."""

    field: Field
    op: str
    values: tuple
    known: tuple
    row: int = given(default=0, compare=False)
    test: Test = given(compare=False, repr=False, default=bool)

    def holds(self, reading: Reading) -> bool:
        """Whether the case answers yes."""
        return self.test(reading[self.field.code])

    def seen(self, reading: Reading) -> tuple:
        """Return which of the rule's own values the case has, where the leaf holds for one of several."""
        value = reading[self.field.code]
        if self.op == "contains_any":
            return tuple(word for word in self.values if word in value)
        if self.op == "in_area":
            return tuple(c for c, path in zip(self.values, self.known, strict=True) if value.startswith(path))
        if self.op == "in":
            return tuple(c for c, known in zip(self.values, self.known, strict=True) if known == value)
        return self.values

    def actual(self, reading: Reading) -> Any:
        """Return what the case has where that is no text of a citizen and not said by `seen`; else None."""
        is_told = self.op in {"ne", "not_in", "between"} and self.field.kind in {Kind.NUMBER, Kind.DAY, Kind.CHOICE}
        return reading[self.field.code] if is_told else None


@dataclass(frozen=True)
class Group:
    """All of the parts, or any of them."""

    mode: str
    parts: tuple[Leaf | Group, ...]

    def holds(self, reading: Reading) -> bool:
        """Whether the case meets it; raises the first failure where the answers of the others leave it open."""
        decisive, failure = self.mode == "any", None
        for part in self.parts:
            try:
                if part.holds(reading) is decisive:
                    return decisive
            except Exception as error:  # whatever a rule does, it must not take the other cases with it
                failure = failure or error
        if failure is not None:
            raise failure
        return not decisive


Node = Leaf | Group


def leaves_of(node: Node) -> Iterator[Leaf]:
    """Yield the leaves in the order of the tree."""
    if isinstance(node, Leaf):
        yield node
    else:
        for part in node.parts:
            yield from leaves_of(part)


def read_condition(data: Any, names: Names) -> Group:
    """Return the tree behind the JSON; raises RowError (a leaf) or BadInput (the whole) with what is wrong."""
    counter = iter(range(LEAVES + 1))
    tree = _read_group(data, names, 1, counter)
    if not any(leaves_of(tree)):
        raise BadInput(_("A rule needs at least one condition."), field="condition")
    return tree


def raw_leaves(data: Any) -> Iterator[dict]:
    """Yield the leaves of the JSON, however deep, without judging them."""
    if isinstance(data, dict):
        parts = data.get("all", data.get("any"))
        if isinstance(parts, list):
            for part in parts:
                yield from raw_leaves(part)
        elif "field" in data:
            yield data


def _read_group(data: Any, names: Names, depth: int, counter: Iterator[int]) -> Group:
    if not isinstance(data, dict) or len(data) != 1 or not {"all", "any"} & data.keys():
        raise BadInput(_("The condition cannot be read."), field="condition")
    ((mode, parts),) = data.items()
    if depth > DEPTH or not isinstance(parts, list):
        raise BadInput(_("Groups stand at most in one other group."), field="condition")
    return Group(mode, tuple(_read_part(part, names, depth, counter) for part in parts))


def _read_part(data: Any, names: Names, depth: int, counter: Iterator[int]) -> Node:
    if isinstance(data, dict) and "field" not in data:
        return _read_group(data, names, depth + 1, counter)
    row = next(counter, LEAVES)
    if row >= LEAVES:
        text = _("A rule has at most %(count)s conditions; split it into several.")
        raise BadInput(text % {"count": LEAVES}, field="condition")
    return _read_leaf(data, names, row)


def _read_leaf(data: Any, names: Names, row: int) -> Leaf:
    if not isinstance(data, dict):
        raise BadInput(_("The condition cannot be read."), field="condition")
    asked = FIELDS.get(data["field"]) if isinstance(data["field"], str) else None
    if asked is None:
        raise RowError(_("There is no such field."), row=row, field="field")
    op = data.get("op")
    if not isinstance(op, str) or op not in asked.operators:
        text = _("Of “%(field)s” one may ask: %(ops)s.")
        ops = joined(str(OPERATORS[one]) for one in asked.operators)
        raise RowError(text % {"field": asked.label, "ops": ops}, row=row, field="op")
    try:
        values = _read_values(asked, op, data.get("value"))
        known = _known(asked, values, names)
        return Leaf(asked, op, values, known, row, _TESTS[op](known))
    except RowError:
        raise
    except BadInput as wrong:
        raise RowError(str(wrong), row=row) from wrong


def _read_values(asked: Field, op: str, value: Any) -> tuple:
    """Return the values as they are compared, in a fixed order."""
    if op == "between":
        return _read_span(asked, value)
    listed = value if isinstance(value, list) and op in MANY else [value]
    if not listed or len(listed) > VALUES:
        raise BadInput(_("Enter 1 to %(count)s values.") % {"count": VALUES})
    read = tuple(dict.fromkeys(_read_value(asked, op, one) for one in listed))
    if op == "regex":
        compile_pattern(read[0])
    return read


def _read_span(asked: Field, value: Any) -> tuple:
    if not isinstance(value, list) or len(value) != 2:
        raise BadInput(_("Enter the first and the last value."))
    low, high = (_read_value(asked, "eq", one) for one in value)
    if low > high:
        raise BadInput(_("The first value is after the last one."))
    return low, high


def _read_value(asked: Field, op: str, value: Any) -> Any:
    if asked.kind is Kind.FLAG:
        if not isinstance(value, bool):
            raise BadInput(_("Enter yes or no."))
        return value
    if asked.kind is Kind.NUMBER:
        if isinstance(value, bool) or not isinstance(value, int) or value not in asked.domain:
            span = {"first": asked.domain[0], "last": asked.domain[-1]}
            raise BadInput(_("Enter a whole number from %(first)s to %(last)s.") % span)
        return value
    if not isinstance(value, str) or not value or UNWRITABLE.search(value):
        raise BadInput(_("Enter a value."))
    if asked.kind is Kind.DAY:
        return _read_day(value)
    if asked.kind is Kind.CHOICE and value not in asked.domain:
        raise BadInput(_("“%(value)s” is none of the words of this field.") % {"value": value[:LONGEST_VALUE]})
    return value if op == "regex" or asked.kind not in {Kind.TEXT, Kind.CODE} else _read_words(value)


def _read_words(value: str) -> str:
    words = fold(value).strip()
    if not words or len(words) > LONGEST_VALUE or "\n" in words:
        raise BadInput(_("A value has 1 to %(count)s characters.") % {"count": LONGEST_VALUE})
    return words


def _read_day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadInput(_("Enter a day as 2026-11-18.")) from error


def _known(asked: Field, values: tuple, names: Names) -> tuple:
    table = names.of(asked.kind)
    if table is None:
        return values
    if unknown := [value for value in values if value not in table]:
        raise BadInput(_("Not known: %(what)s") % {"what": joined(unknown)[:LONGEST_VALUE]})
    return tuple(table[value] for value in values)


def _regex(known: tuple) -> Test:
    search = compile_pattern(known[0]).search
    return lambda value: search(value[:REGEX_TEXT]) is not None


_TESTS: dict[str, Callable[[tuple], Test]] = {
    "eq": lambda known: lambda value: value == known[0],
    "ne": lambda known: lambda value: value != known[0],
    "in": lambda known: frozenset(known).__contains__,
    "not_in": lambda known: lambda value: value not in known,
    "contains_any": lambda known: lambda value: any(word in value for word in known),
    "contains_all": lambda known: lambda value: all(word in value for word in known),
    "contains_none": lambda known: lambda value: not any(word in value for word in known),
    "between": lambda known: lambda value: known[0] <= value <= known[1],
    "in_area": lambda known: lambda value: value is not None and value.startswith(known),
    "not_in_area": lambda known: lambda value: value is None or not value.startswith(known),
    "regex": _regex,
}

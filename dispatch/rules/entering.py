"""Conditions as people type them: one text for each value, words for codes; and back.

A tree is entered as rows, each with the number of its group. "all": every group must be met, by one of its rows; "any":
one group must be met, by all of its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

from .conditions import raw_leaves
from .fields import FIELDS, MANY, Field, Kind
from .wording import describe_value

BETWEEN_VALUES = re.compile(r"[\n;；,，、]+")
CODE_BEHIND = re.compile(r"[（(]([^（()）]+)[)）]\s*$")
DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
YES, NO = {"yes", "true", "1", "是"}, {"no", "false", "0", "否"}
INSIDE = {"all": "any", "any": "all"}
LookUp = Callable[[str, str], str]  # (field, what was typed) → code; raises BadInput


@dataclass(frozen=True)
class Row:
    """One condition as it stands in the form."""

    group: int
    field: str
    op: str
    value: str


def enter_leaf(row: Row, look_up: LookUp) -> dict[str, Any]:
    """Return the leaf behind a row, not yet checked for sense; raises BadInput for words that mean nothing."""
    field = FIELDS.get(row.field)
    if field is None:
        raise BadInput(_("Choose a field."), field="field")
    if row.op == "between":
        value: Any = _span(field, row.value)
    elif row.op in MANY:
        value = [_one(field, part.strip(), look_up) for part in BETWEEN_VALUES.split(row.value) if part.strip()]
    else:
        value = _one(
            field, row.value.strip() if row.op != "regex" else row.value, look_up, is_pattern=row.op == "regex"
        )
    return {"field": row.field, "op": row.op, "value": value}


def build_tree(mode: str, leaves: Sequence[tuple[int, dict[str, Any]]]) -> tuple[dict[str, Any], list[int]]:
    """Return the tree of (group, leaf) pairs, and for each leaf of the tree the place of its pair."""
    groups: dict[int, list[int]] = {}
    for place, (group, _leaf) in enumerate(leaves):
        groups.setdefault(group, []).append(place)
    ordered = [groups[group] for group in sorted(groups)]
    parts = [_part(mode, [leaves[place][1] for place in places]) for places in ordered]
    return {mode: parts}, [place for places in ordered for place in places]


def rows_of(condition: Any, names: Mapping[str, Mapping[str, str]]) -> tuple[str, list[Row]]:
    """Return the mode and the rows of a stored tree; `names` gives codes the names they have now, by field."""
    mode = "any" if isinstance(condition, dict) and "any" in condition else "all"
    parts = condition.get(mode) if isinstance(condition, dict) else None
    rows = []
    group = 0
    for part in parts if isinstance(parts, list) else []:
        group += 1
        for leaf in raw_leaves(part):
            is_same = isinstance(part, dict) and mode in part  # a group of its parent's kind: each leaf for itself
            rows.append(Row(group, str(leaf["field"]), str(leaf.get("op")), show_value(leaf, names)))
            group += is_same
    return mode, rows


def show_value(leaf: dict[str, Any], names: Mapping[str, Mapping[str, str]]) -> str:
    """Return the value of a leaf as it is typed."""
    field, value = FIELDS.get(leaf["field"]), leaf.get("value")
    if field is None:
        return str(value)
    listed = value if isinstance(value, list) else [value]
    words = [show_one(field, one, names) for one in listed]
    return " – ".join(words) if leaf.get("op") == "between" else joined(words)


def show_one(field: Field, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    """Return one value as it is typed: a code with its name before it."""
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if field.kind is Kind.CHOICE:
        return describe_value(field.code, value)
    name = names.get(field.code, {}).get(value) if isinstance(value, str) else None
    return f"{name}（{value}）" if name else str(value)


def code_behind(text: str) -> str:
    """Return the code in brackets behind a name, else the text itself."""
    found = CODE_BEHIND.search(text)
    return found.group(1).strip() if found else text.strip()


def _part(mode: str, leaves: list[dict[str, Any]]) -> dict[str, Any]:
    return leaves[0] if len(leaves) == 1 else {INSIDE[mode]: leaves}


def _one(field: Field, text: str, look_up: LookUp, is_pattern: bool = False) -> Any:
    if not text:
        raise BadInput(_("Enter a value."))
    if field.kind is Kind.FLAG:
        return _flag(text)
    if field.kind is Kind.NUMBER:
        return _number(text)
    if field.kind is Kind.CHOICE:
        return _word(field, text)
    if field.kind in {Kind.AREA, Kind.ITEM, Kind.CHANNEL} and not is_pattern:
        return look_up(field.code, text)
    return text


def _flag(text: str) -> bool:
    word = text.casefold()
    if word in YES or word == pgettext("answer", "yes"):
        return True
    if word in NO or word == pgettext("answer", "no"):
        return False
    raise BadInput(_("Enter yes or no."))


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:
        raise BadInput(_("Enter a whole number."))
    return int(text)


def _word(field: Field, text: str) -> str:
    """Return the code of a word of a vocabulary, typed as it is shown or as its code."""
    words = {str(label): value for value, label in field.words.choices} if field.words else {}
    if text in field.domain:
        return text
    if text in words:
        return words[text]
    given = {"value": text[:60], "words": joined(words)}
    raise BadInput(_("“%(value)s” is none of: %(words)s.") % given)


def _span(field: Field, text: str) -> list[Any]:
    """Return the two ends of a span, whatever stands between them."""
    if field.kind is Kind.DAY:
        return [_padded(day) for day in DAY.findall(text)]
    return [_number(part) for part in re.split(r"\D+", text.strip()) if part]


def _padded(day: str) -> str:
    year, month, number = day.split("-")
    return f"{year}-{month:0>2}-{number:0>2}"

"""Rules in words: their conditions, what they say, and which conditions held, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shenzhen_gov.core.texts import joined, joined_parts

from .conditions import Leaf
from .fields import FIELDS, OPERATORS, Reading
from .outcomes import Flag

if TYPE_CHECKING:
    from dispatch.models import RuleVersion

SHOWN = 8


def store_facts(version: RuleVersion, leaves: Iterable[Leaf], reading: Reading) -> dict[str, Any]:
    """Return what a decision keeps of a rule that matched: the conditions that held, with the rule's own words."""
    held = []
    for leaf in leaves:
        with suppress(Exception):  # another condition decided; this one could not be answered
            if leaf.holds(reading):
                told = {
                    "value": [_plain(value) for value in leaf.seen(reading)],
                    "actual": _plain(leaf.actual(reading)),
                }
                held.append({"field": leaf.field.code, "op": leaf.op} | told)
    rule = {"rule": version.rule.code, "name": version.name, "number": version.number}
    return {"rule": rule, "conditions": json.dumps(held, ensure_ascii=False)}


def describe_facts(stored: str) -> str:
    """Return the conditions of a stored reason in words."""
    try:
        held = json.loads(stored)
        return joined_parts(describe_leaf(leaf) for leaf in held)
    except (ValueError, TypeError, KeyError, AttributeError):
        return stored


def describe_leaf(leaf: dict, names: dict[str, dict[str, str]] | None = None) -> str:
    """Return one leaf of the JSON in words; `names` gives codes the names they have now, by field."""
    field = FIELDS.get(leaf["field"])
    if field is None:
        return str(leaf["field"])
    value, op = leaf.get("value"), OPERATORS.get(leaf.get("op", ""), "")
    listed = value if isinstance(value, list) else [value]
    words = [describe_value(field.code, one, names) for one in listed]
    more = _(" and %(count)s more") % {"count": len(words) - SHOWN} if len(words) > SHOWN else ""
    if leaf.get("actual") is not None:
        more += f" ({describe_value(field.code, leaf['actual'], names)})"
    if leaf.get("op") == "between" and len(words) == 2:
        return f"{field.label} {words[0]} – {words[1]}{more}"
    if any(isinstance(one, bool) for one in listed):
        return f"{field.label} {words[0]}{more}"
    return f"{field.label} {op} {joined(words[:SHOWN])}{more}"


def describe_value(code: str, value: Any, names: dict[str, dict[str, str]] | None = None) -> str:
    """Return one value in words."""
    field = FIELDS[code]
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if field.words is not None and value in field.words.values:
        return str(field.words(value).label)
    return (names or {}).get(code, {}).get(value, str(value)) if isinstance(value, str) else str(value)


def describe_flag(flag: str) -> str:
    """Return what a rule marks."""
    return str(Flag(flag).label) if flag in Flag.values else flag


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

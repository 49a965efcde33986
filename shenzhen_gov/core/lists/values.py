"""Sort values in a cursor: exact (a time keeps its microseconds), and of the type they had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

READERS: dict[str, Callable[[str], Any]] = {
    "dt": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "u": UUID,
}


def pack(value):
    """Return `value` as something JSON holds without loss. Raises TypeError for a type no list sorts by."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, datetime):
        return ["dt", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    if isinstance(value, UUID):
        return ["u", str(value)]
    raise TypeError(f"cannot sort pages by {type(value).__name__}")


def unpack(packed):
    """Return the value that was packed. Raises ValueError for anything else."""
    if not isinstance(packed, list):
        return packed
    try:
        kind, text = packed
        return READERS[kind](text)
    except (KeyError, ArithmeticError) as error:
        raise ValueError(packed) from error

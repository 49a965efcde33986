"""What a text says about its duty item, its urgency and its kind. Nothing here decides: a person takes it or leaves it.

The parts that need numpy are imported where they are used: they are most of the start-up time of a process.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ranking import Suggestion

SHOWN = 5


def suggest_items(text: str, *, title: str = "", on: date, limit: int = SHOWN) -> list[Suggestion]:
    """Return up to `limit` duty items in force on `on` that the text may be about, best first, with the reasons.

    The code of an item finds just that item. What a person confirmed a moment ago, in any process, counts already.
    """
    from .ranking import rank

    return rank(text, title=title, on=on, limit=limit)


def suggest_for_many(
    requests: Sequence[tuple[str, str]], *, on: date, limit: int = SHOWN
) -> tuple[list[list[Suggestion]], str]:
    """Return for each (text, title) what `suggest_items` would, and the name of what ranked them, for the record.

    The list and what was learned are looked up once, however many there are.
    """
    from .ranking import rank_many

    return rank_many(requests, on=on, limit=limit)

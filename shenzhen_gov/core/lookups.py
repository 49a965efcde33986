"""How statements are put so that the database plans them well.

Words of a closed choice stand in the statement itself, not beside it as parameters. A statement that was met some times
may be planned once for any parameters. Such a plan cannot use the indexes over the open work orders alone, whose
condition names states (docs/adr/0012-states-stand-in-the-statement.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import CharField, F
from django.db.models.expressions import OrderBy
from django.db.models.lookups import Exact, In

WORD = re.compile(r"[a-z0-9_]{1,40}")


class ExactWord(Exact):
    """`state="handling"`."""

    def process_rhs(self, compiler, connection):
        """Return the right side with its words written out."""
        return _spelt(self, *super().process_rhs(compiler, connection))


class InWords(In):
    """`state__in=OPEN_STATES`."""

    def process_rhs(self, compiler, connection):
        """Return the right side with its words written out."""
        return _spelt(self, *super().process_rhs(compiler, connection))


def register() -> None:
    """Let all text fields compare so."""
    CharField.register_lookup(ExactWord)
    CharField.register_lookup(InWords)


def newest_sorted() -> OrderBy:
    """Return "newest first" for few rows that an index of their own finds: found by that index, then sorted.

    Of the plain order and a limit the planner hopes to come upon them soon on its way down from the newest row of all.
    Where few fit, it goes through the whole table; no index is in this order, so it cannot.
    """
    return (F("pk") + 0).desc()


def _spelt(lookup: Exact | In, sql: str, params: Sequence) -> tuple[str, Sequence]:
    """Write out words that are compared with a field of choices; others stay parameters."""
    if getattr(lookup.lhs.output_field, "choices", None) and params and all(map(_is_word, params)):
        return sql % tuple(f"'{str.__str__(word)}'" for word in params), []
    return sql, params


def _is_word(value) -> bool:
    return isinstance(value, str) and WORD.fullmatch(value) is not None

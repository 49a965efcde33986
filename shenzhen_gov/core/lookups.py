"""Words of a closed choice stand in the statement itself, not beside it as parameters.

A statement that was met some times may be planned once for any parameters. Such a plan cannot use the indexes over the
open work orders alone, whose condition names states (docs/adr/0012-states-stand-in-the-statement.md).
"""

from __future__ import annotations

import re

from django.db.models import CharField
from django.db.models.lookups import Exact, In

WORD = re.compile(r"[a-z0-9_]{1,40}")


class Spelt:
    """A comparison with words of the field's own choices; others stay parameters."""

    def process_rhs(self, compiler, connection):
        """Return the right side with its words written out."""
        sql, params = super().process_rhs(compiler, connection)
        if getattr(self.lhs.output_field, "choices", None) and params and all(map(_is_word, params)):
            return sql % tuple(f"'{str.__str__(word)}'" for word in params), []
        return sql, params


class ExactWord(Spelt, Exact):
    """`state="handling"`."""


class InWords(Spelt, In):
    """`state__in=OPEN_STATES`."""


def register() -> None:
    """Let all text fields compare so."""
    CharField.register_lookup(ExactWord)
    CharField.register_lookup(InWords)


def _is_word(value) -> bool:
    return isinstance(value, str) and WORD.fullmatch(value) is not None

"""The words that texts about one matter share: a name for the matter that no single writer gave it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SHARED = 0.6  # of the texts hold the phrase
LONGEST, SHORTEST, MOST = 12, 3, 2
LETTERS = re.compile(r"[^\W\d_]+")  # numbers and marks part phrases: neither telephone nor house numbers are named


def shared_phrases(core: str, texts: Sequence[str], others: Sequence[str] = (), *, own: float = 1.0) -> tuple[str, ...]:
    """Return up to MOST phrases of the core text that most of the texts hold, longest first.

    Left out is what more than the share `own` of the other texts hold too. All texts are `plain`.
    """
    least = SHARED * len(texts)
    found: list[str] = []
    for run in LETTERS.findall(core):
        start = 0
        while start + SHORTEST <= len(run):
            end = start + SHORTEST
            if _holding(run[start:end], texts) < least:
                start += 1
                continue
            while end < min(len(run), start + LONGEST) and _holding(run[start : end + 1], texts) >= least:
                end += 1
            found.append(run[start:end])
            start = end
    found = [phrase for phrase in found if _holding(phrase, others) <= own * len(others)]
    longest_first = sorted(dict.fromkeys(found), key=lambda phrase: (-len(phrase), found.index(phrase)))
    return tuple(longest_first[:MOST])


def plain(text: str) -> str:
    """Return a text as texts are compared: wide and capital letters are the others'."""
    return unicodedata.normalize("NFKC", text).casefold()


def _holding(phrase: str, texts: Sequence[str]) -> int:
    return sum(phrase in text for text in texts)

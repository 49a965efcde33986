"""The words that texts about one matter share: a name for the matter that no single writer gave it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SHARED = 0.6  # of the texts hold the phrase
LONGEST, SHORTEST, MOST = 12, 3, 2
LETTERS = re.compile(r"[^\W\d_]+")  # numbers and marks part phrases: neither telephone nor house numbers are named


def shared_phrases(core: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Return up to MOST phrases of the core text that most of the texts hold, longest first."""
    plain = [unicodedata.normalize("NFKC", text).casefold() for text in texts]
    least = SHARED * len(plain)
    found: list[str] = []
    for run in LETTERS.findall(unicodedata.normalize("NFKC", core).casefold()):
        start = 0
        while start + SHORTEST <= len(run):
            end = start + SHORTEST
            if _holding(run[start:end], plain) < least:
                start += 1
                continue
            while end < min(len(run), start + LONGEST) and _holding(run[start : end + 1], plain) >= least:
                end += 1
            found.append(run[start:end])
            start = end
    longest_first = sorted(dict.fromkeys(found), key=lambda phrase: (-len(phrase), found.index(phrase)))
    return tuple(longest_first[:MOST])


def _holding(phrase: str, texts: Sequence[str]) -> int:
    return sum(phrase in text for text in texts)

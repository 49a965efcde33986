"""Texts as numbers, so that an ordinary index (GIN over an array) finds two Chinese characters among millions of texts.

A text becomes its pairs of neighbouring characters; a pair becomes 21 bits. Above them stand 10 bits of a block: of
what lies together by time or by place, so that a search asks only the blocks it needs. Different pairs may share a
number, and so may blocks: whoever searches looks at the text of what was found.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

PAIR_BITS = 21
BLOCKS = 1 << 10
SHORTEST_WORD = 2
MOST_WORDS, LONGEST_WORD = 6, 40


def plain(text: str) -> str:
    """Return a text as it is compared: without spaces, half-width, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def search_words(text: str) -> list[str]:
    """Return the words somebody searches for, as they are compared; single characters are left out."""
    words = dict.fromkeys(plain(word)[:LONGEST_WORD] for word in text.split())
    return [word for word in words if len(word) >= SHORTEST_WORD][:MOST_WORDS]


def pairs_of(texts: Iterable[str]) -> set[int]:
    """Return the numbers of all pairs of neighbouring characters (surrogate halves cannot come from the database)."""
    found: set[int] = set()
    for text in map(plain, texts):
        found.update(_number(one, two) for one, two in zip(text, text[1:], strict=False))
    return found


def in_block(block: int, pair: int) -> int:
    """Return the key that stands for a pair in a block."""
    return block % BLOCKS << PAIR_BITS | pair


def _number(one: str, two: str) -> int:
    return (ord(one) * 0x9E3779B1 ^ ord(two) * 0x85EBCA77) >> 7 & (1 << PAIR_BITS) - 1

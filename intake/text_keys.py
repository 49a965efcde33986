"""Texts of cases as numbers, so that an ordinary index finds two Chinese characters among millions of cases.

A text becomes its pairs of neighbouring characters; a pair becomes 21 bits. Above them stand 10 bits of the block of
8,192 cases that the case belongs to: a search asks the newest block first and stops when it has enough, so that a
word of every tenth case costs no more than a rare one. Different pairs may share a number, and blocks 8 million cases
apart do: whoever searches looks at the text of what was found (`holds_all`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

BLOCK_BITS, PAIR_BITS = 13, 21
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


def keys_of(case_id: int, texts: Iterable[str]) -> list[int]:
    """Return what is indexed for a case."""
    block = block_of(case_id)
    return [in_block(block, pair) for pair in pairs_of(texts)]


def in_block(block: int, pair: int) -> int:
    """Return the key that stands for a pair in a block."""
    return block % BLOCKS << PAIR_BITS | pair


def block_of(case_id: int) -> int:
    """Return the block that a case belongs to."""
    return case_id >> BLOCK_BITS


def first_id_of(block: int) -> int:
    """Return the lowest id that belongs to a block."""
    return block << BLOCK_BITS


def holds_all(texts: Sequence[str], words: Iterable[str]) -> bool:
    """Whether each of the words (of `search_words`) stands in one of the texts."""
    plain_texts = [plain(text) for text in texts]
    return all(any(word in text for text in plain_texts) for word in words)


def _number(one: str, two: str) -> int:
    return (ord(one) * 0x9E3779B1 ^ ord(two) * 0x85EBCA77) >> 7 & (1 << PAIR_BITS) - 1

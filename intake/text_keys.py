"""Keys of the texts of cases (core/pairs.py): blocks of 8,192 cases, by their order.

A search asks the newest block first and stops when it has enough, so that a word of every tenth case costs no more
than a rare one. Blocks 8 million cases apart share a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shenzhen_gov.core.pairs import in_block, pairs_of, plain

BLOCK_BITS = 13


def keys_of(case_id: int, texts: Iterable[str]) -> list[int]:
    """Return what is indexed for a case."""
    block = block_of(case_id)
    return [in_block(block, pair) for pair in pairs_of(texts)]


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

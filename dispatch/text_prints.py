"""Fingerprints of texts, by which near copies are found: the smallest hashes of their triples of characters.

Numbers, spaces and marks count for nothing, so that another date or house number makes no other text. Two texts are
compared by their few smallest marks (a bottom-k sketch), whatever their length.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Collection, Sequence

GRAM, KEPT = 3, 32


def marks_of(text: str) -> list[int]:
    """Return the fingerprint of a text: up to KEPT numbers, sorted; none for a text without letters."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalpha())
    grams = {plain[place : place + GRAM] for place in range(max(1, len(plain) - GRAM + 1))} - {""}
    return sorted({zlib.crc32(gram.encode()) >> 1 for gram in grams})[:KEPT]


def likeness(one: Sequence[int], other: Collection[int]) -> float:
    """Return how much two texts have in common, 0–1: the Jaccard index of their triples, estimated."""
    union = sorted({*one, *other})[:KEPT]
    both = set(one).intersection(other)
    return sum(mark in both for mark in union) / len(union) if union else 0.0

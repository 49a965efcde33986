"""Texts as vectors: hashed character 1–3-grams (no segmenter is needed for Chinese), the title three times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

BITS = 18
FEATURES = 1 << BITS
TITLE_WEIGHT = 3
CHARACTERS = 300  # of the body; what follows is mostly asking and thanking
MIX, NEXT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd numbers that spread well


class Vector(NamedTuple):
    """The features of a text, each once, and their weights: of length 1, or empty."""

    features: np.ndarray
    weights: np.ndarray


def grams(text: str) -> np.ndarray:
    """Return the features of all 1-, 2- and 3-grams of a text, as often as they occur."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64) * MIX
    pairs = letters[:-1] * NEXT + letters[1:]
    triples = pairs[:-1] * NEXT + letters[2:]
    spread = np.concatenate([letters, pairs * MIX, triples * MIX])
    return (spread >> np.uint64(64 - BITS)).astype(np.int32)


def rarity(texts: Iterable[str]) -> np.ndarray:
    """Return for every feature how much it tells: the fewer of `texts` have it, the more (inverse frequency)."""
    having, count = np.zeros(FEATURES, dtype=np.float32), 0
    for text in texts:
        having[np.unique(grams(text))] += 1
        count += 1
    return np.log(1 + (count + 1) / (having + 1)).astype(np.float32)


def vector_of(text: str, title: str, weights: np.ndarray) -> Vector:
    """Return the vector of a request, by the weights of `rarity`."""
    parts = [grams(text[:CHARACTERS]), *([grams(title)] * TITLE_WEIGHT if title else ())]
    features, counts = np.unique(np.concatenate(parts), return_counts=True)
    values = (1 + np.log(counts)).astype(np.float32) * weights[features]
    length = float(np.sqrt(values @ values))
    return Vector(features, values / length if length else values)

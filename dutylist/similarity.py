"""Items whose words are nearly the same, found without comparing every pair."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

Words = frozenset[str]


def words_of(name: str, keywords: Iterable[str]) -> Words:
    """Return the pairs of neighbouring characters of a name and its keywords; Chinese needs no segmenter for it."""
    return frozenset(text[at : at + 2] for text in (name, *keywords) for at in range(max(1, len(text) - 1)))


def find_similar(words: dict[str, Words], of: Collection[str], least: float) -> dict[str, list[str]]:
    """Return code → the other codes that share at least `least` of all their words with it (Jaccard), for `of`.

    Two sets that share so much must share one of their rarest words, so only those are looked up (prefix filter).
    """
    frequency = Counter(word for bag in words.values() for word in bag)

    def rarest(bag: Words) -> list[str]:
        ordered = sorted(bag, key=lambda word: (frequency[word], word))
        return ordered[: len(bag) - math.ceil(least * len(bag)) + 1]

    having: dict[str, list[str]] = defaultdict(list)
    for code, bag in words.items():
        for word in rarest(bag):
            having[word].append(code)
    found = {}
    for code in of:
        candidates = {other for word in rarest(words[code]) for other in having[word]} - {code}
        if near := [other for other in sorted(candidates) if _overlap(words[code], words[other]) >= least]:
            found[code] = near
    return found


def _overlap(one: Words, other: Words) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0

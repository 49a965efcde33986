"""Duty items for a text: the words of the list, the list's own example requests and the confirmed cases, added up.

The words of the list (BM25, the best item being 1) say something about every item from the first day. Texts that are
known to be about an item say more the more of them there are, so their likeness counts by EVIDENCE · n / (n + HALF).
Chosen by measurement (`manage.py evaluate_suggestions`): adding ranks instead of scores (RRF) costs half of the first
places as long as most items have few confirmed cases, for then the ranks of the likeness are noise.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import numpy as np

from dutylist.selectors import FoundItem, ItemIndex, found_item, item_index
from shenzhen_gov.core.kept import also_forget

from .centroids import Centroids
from .memory import Memory, most_per_item, newest_texts
from .vectors import Vector, rarity, vector_of

METHOD = "words+likeness-1"  # named with every decision that rests on a ranking
EVIDENCE, HALF = 12.0, 10.0
ALIKE = 0.15  # from this likeness on it is named as a reason


@dataclass(frozen=True)
class Suggestion(FoundItem):
    """An item that a text may be about, and why: words of the list, confirmed cases like it, an example like it."""

    like_cases: int = 0
    like_example: bool = False
    unit: str = ""  # whom the list names at the place, where that is known


class Ranker:
    """One state of the list, ready to be asked; its own examples are texts known to be about an item."""

    def __init__(self, index: ItemIndex):
        self.index = index
        self.ids = [entry.item_id for entry in index.entries]
        words = (f"{entry.name}\n{entry.path_text}\n{' '.join(entry.keywords)}" for entry in index.entries)
        self.rarity = rarity(chain(words, *index.examples))
        self.examples = Centroids(
            (entry.item_id, [vector_of(text, "", self.rarity) for text in texts])
            for entry, texts in zip(index.entries, index.examples, strict=True)
            if texts
        )

    def rank(self, text: str, title: str, limit: int, memory: Memory | None) -> list[Suggestion]:
        """Return the items that fit best, by all that was confirmed until now."""
        if memory is not None:
            with memory.lock:
                memory.follow()
        return self.rank_by(text, title, limit, memory)

    def rank_by(self, text: str, title: str, limit: int, memory: Memory | None) -> list[Suggestion]:
        """Return the items that fit best, by what `memory` knows already."""
        both = f"{title}\n{text}".strip()
        like_example, total = self._likeness(self.examples, vector_of(text, title, self.rarity))
        total += self._words(both)
        like_cases, counts = np.zeros(len(self.ids)), np.zeros(len(self.ids), dtype=int)
        if memory is not None:
            with memory.lock:
                like_cases, weighted = self._likeness(memory.centroids, vector_of(text, title, memory.rarity))
                counts = self._by_entry(memory.centroids, memory.centroids.counts)
            total += weighted
        best = [i for i in np.argsort(-total, kind="stable")[:limit] if total[i] > 0]
        return [
            Suggestion(
                **vars(found_item(self.index.entries[i], float(total[i] / total[best[0]]), both)),
                like_cases=int(counts[i]) if like_cases[i] >= ALIKE else 0,
                like_example=bool(like_example[i] >= ALIKE),
            )
            for i in best
        ]

    def totals(self, text: str, title: str) -> np.ndarray:
        """Return the scores of all items by words and examples of the list, without what was learned here."""
        return self._words(f"{title}\n{text}".strip()) + self.by_examples(text, title)

    def by_examples(self, text: str, title: str) -> np.ndarray:
        """Return what the examples of the list add to the score of every item."""
        return self._likeness(self.examples, vector_of(text, title, self.rarity))[1]

    def _words(self, text: str) -> np.ndarray:
        """Return how well the words of the list fit, the best item being 1."""
        scores = self.index.scores(text)
        return scores / max(float(scores.max(initial=0)), 1e-9)

    def _likeness(self, known: Centroids, vector: Vector) -> tuple[np.ndarray, np.ndarray]:
        """Return how like the text is to what is known of each item, and what that adds to the item's score."""
        if not len(known.counts):
            return np.zeros(len(self.ids)), np.zeros(len(self.ids))
        likeness = known.likeness(vector)
        weighted = likeness * EVIDENCE * known.counts / (known.counts + HALF)
        return self._by_entry(known, likeness), self._by_entry(known, weighted)

    def _by_entry(self, known: Centroids, values: np.ndarray) -> np.ndarray:
        """Return values by column in the order of the list; zero for items of which nothing is known."""
        columns = np.fromiter((known.columns.get(item_id, -1) for item_id in self.ids), dtype=int, count=len(self.ids))
        return np.where(columns >= 0, np.append(values, 0)[columns], 0)


def rank(text: str, *, title: str, on: date, limit: int) -> list[Suggestion]:
    """Return the items in force on `on` that the text may be about, best first; see `suggest_items`."""
    index = item_index(on)
    if exact := index.with_code(text):
        return [Suggestion(**vars(exact))]
    if not (text.strip() or title.strip()) or not index.entries:
        return []
    ranker = _ranker(index)
    return ranker.rank(text.strip(), title.strip(), limit, _memory(ranker, on))


def rank_many(requests: Sequence[tuple[str, str]], *, on: date, limit: int) -> tuple[list[list[Suggestion]], str]:
    """Return the best items for each (text, title), and the name of what ranked them; asks what is new only once."""
    index = item_index(on)
    if not requests or not index.entries:
        return [[] for _request in requests], ""
    ranker = _ranker(index)
    memory = _memory(ranker, on)
    if memory is not None:
        with memory.lock:
            memory.follow()
    ranked = [
        ranker.rank_by(text.strip(), title.strip(), limit, memory) if (text + title).strip() else []
        for text, title in requests
    ]
    return ranked, f"{METHOD}@{memory.last if memory else 0}"


_lock, _loading = threading.Lock(), threading.Lock()
_rankers: dict[int, Ranker] = {}
_memories: list[Memory] = []


def _ranker(index: ItemIndex) -> Ranker:
    """Return the ranker of a list state; as many are kept as states of the list."""
    with _lock:
        kept = _rankers.get(id(index))
        if kept is None or kept.index is not index:
            while len(_rankers) > 1:
                _rankers.pop(next(iter(_rankers)))
            kept = _rankers[id(index)] = Ranker(index)
    return kept


def _memory(ranker: Ranker, on: date) -> Memory | None:
    """Return what was learned, reading it first; None while another thread reads it: nobody waits for that."""
    if not _memories and _loading.acquire(blocking=False):
        try:
            if not _memories:
                texts = chain((text for texts in ranker.index.examples for text in texts), newest_texts())
                _memories.append(Memory(rarity(texts), most_per_item(on)))
        finally:
            _loading.release()
    return _memories[0] if _memories else None


@also_forget
def forget() -> None:
    """Drop what was learned, to be read again: the table is another one."""
    _memories.clear()

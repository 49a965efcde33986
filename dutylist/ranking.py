"""Text → duty items: BM25 over the words of each item, by character 1–3-grams (no segmenter is needed for Chinese).

An item is described by its name ×3, its keywords ×3, its example requests ×2 and its criteria ×1. The index is built
once per process and list state, and rebuilt when a version is published.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from .choices import LimitUnit, Source
from .models import ItemVersion

# numpy and scikit-learn are imported where they are used: they are most of the start-up time of every process, and
# only those that search need them.

K1, B = 1.5, 0.75  # the usual BM25 constants
QUERY_CHARACTERS = 400


@dataclass(frozen=True)
class Entry:
    """What the index keeps of an item in force."""

    item_id: int
    code: str
    name: str
    path_text: str
    limit_amount: int | None
    limit_unit: str
    is_sample: bool
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class FoundItem(Entry):
    """An item found for a text, with the words that matched and a score (0–1, a share of the best one found)."""

    score: float
    matched: tuple[str, ...]

    @property
    def limit(self) -> str:
        """Return the time limit in the reader's language; empty when the item has none of its own."""
        return f"{self.limit_amount} {LimitUnit(self.limit_unit).label}" if self.limit_amount else ""


class ItemIndex:
    """A BM25 matrix over the items in force."""

    def __init__(self, versions: list[ItemVersion]):
        from sklearn.feature_extraction.text import CountVectorizer

        self.entries = [_entry(version) for version in versions]
        self.vectorizer = CountVectorizer(analyzer="char", ngram_range=(1, 3), dtype="float32")
        if self.entries:
            counts = self.vectorizer.fit_transform([_profile(version) for version in versions])
            self.weights = _bm25(counts).T.tocsr()

    def rank(self, text: str, limit: int) -> list[FoundItem]:
        """Return up to `limit` items that fit `text`, best first; the code of an item finds just that item."""
        text = text.strip()[:QUERY_CHARACTERS]
        if not text or not self.entries:
            return []
        if exact := [entry for entry in self.entries if text.upper() == entry.code]:
            return [_found(exact[0], 1.0, (text,))]
        import numpy as np

        query = self.vectorizer.transform([text])
        query.data[:] = 1
        scores = np.asarray((query @ self.weights).todense()).ravel()
        best = np.argsort(-scores, kind="stable")[:limit]
        top = float(scores[best[0]]) or 1.0
        return [
            _found(self.entries[i], float(scores[i]) / top, _matched(self.entries[i], text))
            for i in best
            if scores[i] > 0
        ]


_lock = threading.Lock()
_kept: dict[tuple, ItemIndex] = {}


def index_on(on: date) -> ItemIndex:
    """Return the index of the list as of `on`; at most two list states are kept in memory."""
    state = _list_state(on)
    if state not in _kept:
        with _lock:
            if state not in _kept:
                versions = list(_offered(on))
                while len(_kept) > 1:
                    _kept.pop(next(iter(_kept)))
                _kept[state] = ItemIndex(versions)
    return _kept[state]


def _offered(on: date):
    """Return the versions that are offered for new requests: what was imported with old cases is not."""
    versions = ItemVersion.objects.in_force(on).exclude(source=Source.LEGACY)
    return versions.select_related("item").order_by("item__code")


def _list_state(on: date) -> tuple:
    """Return what tells one state of the list from another: the newest version that is in force."""
    versions = ItemVersion.objects.filter(effective_from__lte=on)
    return tuple(versions.order_by("-pk").values_list("pk", "effective_from")[:1]) + (versions.count(),)


def _entry(version: ItemVersion) -> Entry:
    return Entry(
        item_id=version.item_id,
        code=version.item.code,
        name=version.name,
        path_text=version.path_text,
        limit_amount=version.limit_normal,
        limit_unit=version.limit_unit,
        is_sample=version.is_sample,
        keywords=tuple(version.keywords),
    )


def _profile(version: ItemVersion) -> str:
    parts = [version.name] * 3 + list(version.keywords) * 3 + list(version.examples) * 2 + [version.criteria]
    return "\n".join([*parts, version.path_text])


def _bm25(counts):
    """Return the sparse matrix of raw counts weighted by BM25."""
    import numpy as np

    lengths = np.asarray(counts.sum(axis=1)).ravel()
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (counts.shape[0] - frequency + 0.5) / (frequency + 0.5)).astype("float32")
    weights = counts.copy()
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    weights.data = counts.data * (K1 + 1) / (counts.data + norm[rows]) * idf[counts.indices]
    return weights


def _found(entry: Entry, score: float, matched: tuple[str, ...]) -> FoundItem:
    return FoundItem(**vars(entry), score=round(score, 3), matched=matched)


def _matched(entry: Entry, text: str) -> tuple[str, ...]:
    """Return the keywords of the item that stand in the text."""
    return tuple(word for word in entry.keywords if word and word in text)

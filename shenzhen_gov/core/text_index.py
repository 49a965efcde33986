"""Finding texts by text: BM25 over character 1–3-grams, so that Chinese needs no segmenter.

Shared by whatever ranks short texts in memory (duty items, knowledge articles). numpy and scikit-learn are imported
where they are used: they are most of the start-up time of a process, and only those that search need them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

K1, B = 1.5, 0.75  # the usual BM25 constants
GRAMS = (1, 3)  # shortest and longest
QUERY_CHARACTERS = 400


class TextIndex:
    """An index over profiles; a profile is a list of (text, weight), the weight a whole number of times it counts.

    With `grams` from 2 on a single character in common is no match.
    """

    def __init__(self, profiles: Iterable[Sequence[tuple[str, int]]], *, grams: tuple[int, int] = GRAMS):
        from sklearn.feature_extraction.text import CountVectorizer

        texts = ["\n".join(text for text, weight in profile for _ in range(weight)) for profile in profiles]
        self.size = len(texts)
        self.is_empty = not any(len(text.strip()) >= grams[0] for text in texts)
        if not self.is_empty:
            self.vectorizer = CountVectorizer(analyzer="char", ngram_range=grams, dtype="float32")
            self.weights = _bm25(self.vectorizer.fit_transform(texts)).T.tocsr()

    def scores(self, text: str):
        """Return the score of every profile as an array in the order given; all zero where nothing matches.

        Of a long text the first QUERY_CHARACTERS count.
        """
        import numpy as np

        text = text.strip()[:QUERY_CHARACTERS]
        if self.is_empty or not text:
            return np.zeros(self.size, dtype="float32")
        query = self.vectorizer.transform([text])
        query.data[:] = 1
        return (query @ self.weights).toarray().ravel()

    def rank(self, text: str, limit: int) -> list[tuple[int, float]]:
        """Return (position, score) of up to `limit` profiles that match, best first, the earlier one among equals."""
        import numpy as np

        scores = self.scores(text)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(int(position), float(scores[position])) for position in best if scores[position] > 0]


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

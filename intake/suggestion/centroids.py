"""For every duty item the sum of the texts that are known to be about it; a further text is one sparse addition."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from .vectors import FEATURES, Vector

FEATURES_KEPT = 1000  # of each item: the heaviest; bounds the memory at some 30 MB for a city's list
ADDED_APART = 64  # additions since the last time they were worked into the large matrix


class Centroids:
    """Sums of text vectors by item, asked by cosine. Not safe to change in two threads at once."""

    def __init__(self, texts: Iterable[tuple[int, list[Vector]]] = ()):
        """Take (item, its vectors), every item once; what comes one at a time later goes through `add`."""
        self.columns: dict[int, int] = {}
        self.counts = np.zeros(0, dtype=np.int32)
        self.squares = np.zeros(0, dtype=np.float64)
        self.added: list[tuple[int, float, Vector]] = []
        self.sums = self._summed(texts)
        self.apart = self._nothing()

    def add(self, item_id: int, vector: Vector, sign: int = 1) -> None:
        """Count one more text for an item, or (`sign` -1) take one away again."""
        if not len(vector.features):
            return
        column = self._column(item_id)
        before = self._products(vector)[column]
        self.squares[column] += sign * 2 * before + 1
        self.counts[column] += sign
        self.added.append((column, sign, vector))
        self.apart = self._matrix(self.added)
        if len(self.added) >= ADDED_APART:
            self.sums, self.apart, self.added = self._wide(self.sums) + self.apart, self._nothing(), []

    def likeness(self, vector: Vector) -> np.ndarray:
        """Return for every column the cosine (0–1) between `vector` and what is known of the item."""
        lengths = np.sqrt(np.maximum(self.squares, 1e-9))
        return np.where(self.counts > 0, self._products(vector) / lengths, 0).clip(0, 1)

    def _products(self, vector: Vector) -> np.ndarray:
        row = sparse.csr_matrix((vector.weights, vector.features, [0, len(vector.features)]), shape=(1, FEATURES))
        products = np.zeros(len(self.columns))
        for matrix in (self.sums, self.apart):  # each as wide as the items known when it was made
            products[: matrix.shape[1]] += (row @ matrix).toarray().ravel()
        return products

    def _column(self, item_id: int) -> int:
        column = self.columns.setdefault(item_id, len(self.columns))
        if column == len(self.counts):
            self.counts, self.squares = np.append(self.counts, 0), np.append(self.squares, 0.0)
        return column

    def _summed(self, texts: Iterable[tuple[int, list[Vector]]]) -> sparse.csr_matrix:
        features, weights, ends = [], [], [0]
        for item_id, vectors in texts:
            column = self._column(item_id)
            known, values = _sum(vectors)
            features.append(known)
            weights.append(values)
            ends.append(ends[-1] + len(known))
            self.counts[column], self.squares[column] = len(vectors), values @ values
        if not features:
            return self._nothing()
        by_item = (np.concatenate(weights), np.concatenate(features), ends)
        return sparse.csc_matrix(by_item, shape=(FEATURES, len(features))).tocsr()

    def _matrix(self, added: list[tuple[int, float, Vector]]) -> sparse.csr_matrix:
        features = np.concatenate([vector.features for _column, _sign, vector in added])
        weights = np.concatenate([sign * vector.weights for _column, sign, vector in added])
        columns = np.repeat([column for column, _sign, _vector in added], [len(v.features) for _c, _s, v in added])
        return sparse.csr_matrix((weights, (features, columns)), shape=(FEATURES, len(self.columns)))

    def _wide(self, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return the matrix with a column for every item known by now."""
        matrix.resize((FEATURES, len(self.columns)))
        return matrix

    def _nothing(self) -> sparse.csr_matrix:
        return sparse.csr_matrix((FEATURES, len(self.columns)), dtype=np.float32)


def _sum(vectors: list[Vector]) -> tuple[np.ndarray, np.ndarray]:
    """Return the heaviest features of the sum of vectors, and their weights."""
    features, places = np.unique(np.concatenate([vector.features for vector in vectors]), return_inverse=True)
    values = np.bincount(places, np.concatenate([vector.weights for vector in vectors])).astype(np.float32)
    if len(features) > FEATURES_KEPT:
        kept = np.sort(np.argpartition(-values, FEATURES_KEPT)[:FEATURES_KEPT])
        features, values = features[kept], values[kept]
    return features, values

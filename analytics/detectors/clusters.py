"""Text clusters: several citizens who write about the same matter, in words of their own or copied.

Texts of one neighbourhood are compared by their pairs of characters; a pair counts the more the fewer texts have it
(TF-IDF), so that the name of an estate or a company binds texts together and "请尽快处理" does not; what is found must
share a phrase that hardly any text beside it holds. A text with enough
citizens around it (likeness above the threshold) is the core of a cluster; cores near each other are one cluster,
other texts join the core they are most like (DBSCAN, counting citizens instead of texts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .phrases import plain, shared_phrases

LONGEST = 400  # characters of a text that count
COMMON = 0.3  # pairs that a larger share of the texts have bind nothing
FEW = 40  # texts, up to which no pair is left out for being common
STRICTER = 1.3  # texts that hang together without a name are looked at again, so much more strictly
OWN = 0.1  # a matter has a name that hardly any other text holds


@dataclass(frozen=True)
class Text:
    """One request. `citizen` None is nobody known: it may belong to a cluster but makes none."""

    case: int
    citizen: int | None
    words: str


@dataclass(frozen=True)
class Cluster:
    """Texts (plain) about the same matter; `likeness` is the mean among them, `core` the text most like the others.

    `words` are the phrases that most of them hold and hardly any other text: the name of the matter.
    """

    texts: tuple[Text, ...]
    core: Text
    likeness: float
    words: tuple[str, ...] = ()

    @property
    def citizens(self) -> int:
        """Return how many known citizens wrote them."""
        return len({text.citizen for text in self.texts} - {None})


def find_clusters(
    texts: Sequence[Text], *, citizens: int, likeness: float, around: Sequence[str] = ()
) -> list[Cluster]:
    """Return the clusters of at least so many citizens, most citizens first.

    `around` are texts from elsewhere: what they hold often is no name of a matter here.
    """
    if len({text.citizen for text in texts} - {None}) < citizens:
        return []
    texts = [replace(text, words=plain(text.words)) for text in texts]
    around = [plain(text) for text in around]
    alike = _likenesses(texts)
    if alike is None:
        return []
    found: list[Cluster] = []
    waiting = [(list(range(len(texts))), likeness)]
    while waiting:
        members, threshold = waiting.pop()
        for places in _group([texts[one] for one in members], alike[members][:, members], citizens, threshold):
            group = [members[place] for place in places]
            cluster = _cluster([texts[one] for one in group], alike[group][:, group], texts, around)
            if cluster.words and cluster.citizens >= citizens:
                found.append(cluster)
            elif threshold * STRICTER < 1:
                waiting.append((group, threshold * STRICTER))
    return sorted(found, key=lambda cluster: (-cluster.citizens, -len(cluster.texts), cluster.core.case))


def _likenesses(texts: Sequence[Text]):
    """Return the matrix of cosines between texts; None when there is nothing to compare."""
    import numpy as np
    from scipy.sparse import diags_array
    from sklearn.feature_extraction.text import CountVectorizer  # here: most processes never look
    from sklearn.preprocessing import normalize

    most = COMMON if len(texts) > FEW else 1.0
    pairs = CountVectorizer(analyzer=_pairs, binary=True, min_df=2, max_df=most)
    try:
        there = pairs.fit_transform([text.words for text in texts])
    except ValueError:  # no pair stands in two texts
        return None
    rarity = np.log1p(len(texts) / there.sum(axis=0).A1)
    rows = normalize(there @ diags_array(rarity))
    return (rows @ rows.T).toarray()


def _pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring letters; numbers and marks part them."""
    text = text[:LONGEST]
    return [one + two for one, two in zip(text, text[1:], strict=False) if one.isalpha() and two.isalpha()]


def _group(texts: Sequence[Text], alike, citizens: int, likeness: float) -> list[list[int]]:
    """Return the members of each cluster, by place in the list."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    near = alike >= likeness
    near.flat[:: len(texts) + 1] = True
    enough = (near.sum(axis=1) >= citizens).nonzero()[0].tolist()
    cores = [one for one in enough if _citizens(texts, near[one].nonzero()[0]) >= citizens]
    if not cores:
        return []
    count, labels = connected_components(csr_array(near[cores][:, cores]), directed=False)
    groups: list[list[int]] = [[] for _ in range(count)]
    for core, label in zip(cores, labels, strict=True):
        groups[label].append(core)
    others = sorted(set(range(len(texts))).difference(cores))
    for one, best in zip(others, alike[others][:, cores].argmax(axis=1), strict=True):
        if near[one, cores[best]]:
            groups[labels[best]].append(one)
    return groups


def _citizens(texts: Sequence[Text], places) -> int:
    return len({texts[place].citizen for place in places} - {None})


def _cluster(texts: list[Text], alike, everything: Sequence[Text], around: Sequence[str]) -> Cluster:
    number = len(texts)
    closeness = (alike.sum(axis=1) - alike.diagonal()) / max(number - 1, 1)
    core = texts[int(closeness.argmax())]
    inside = {text.case for text in texts}
    others = [text.words for text in everything if text.case not in inside]
    others += list(around)
    words = shared_phrases(core.words, [text.words for text in texts], others, own=OWN)
    return Cluster(tuple(sorted(texts, key=lambda text: text.case)), core, round(float(closeness.mean()), 3), words)

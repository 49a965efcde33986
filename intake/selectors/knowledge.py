"""Articles for whoever answers a citizen: found by text, duty item and area. What is online is read by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from grid.models import Area
from intake.article_index import ArticleIndex, current_index
from intake.models import ArticleVersion
from intake.workflow import ARTICLE_LIVE

ITEM_BOOST, ITEM_FLOOR = 1.6, 0.01  # an article of the chosen item: ahead of others, and found without any word
AREA_BOOST = 1.2  # one that holds in just this part of the city, before one of the whole city
LEAST = 0.3  # of the best score: what fits worse is noise
SNIPPET, LEAD = 60, 10  # characters shown of the body, and how many of them before the words found
CANDIDATES = 3  # looked into for each one shown
# Pairs of characters that every question has: they say nothing about what an article is about.
QUESTION_PAIRS = frozenset(
    ("怎么", "么办", "怎样", "什么", "么时", "时候", "哪里", "哪些", "多久")
    + ("有人", "没有", "可以", "需要", "办理", "反映", "一下")
)
HITS = 40  # places in a body that are weighed against each other


@dataclass(frozen=True)
class FoundArticle:
    """An article that fits, its score as a share of the best one (0–1), and the place in it that fits best."""

    version: ArticleVersion
    score: float
    snippet: str


def search_articles(
    text: str, *, item_id: int | None = None, area: Area | None = None, on: date, limit: int = 3
) -> list[FoundArticle]:
    """Return the articles online on the day `on` that fit, best first.

    Articles of the chosen item come up even without a word in common; those that hold elsewhere never, and those that
    ask about something else neither. Costs one statement, none when nothing is found.
    """
    text, index = text.strip(), current_index()
    best = _best(index, text, item_id, area, on, CANDIDATES * limit)
    if not best:
        return []
    # The index may be some seconds old: nothing is shown that went offline meanwhile.
    versions = ArticleVersion.objects.filter(state=ARTICLE_LIVE).select_related("article").in_bulk(list(best))
    own = {index.entries[position].version_id for position in index.by_item.get(item_id or 0, ())}
    said = _pairs(text) - QUESTION_PAIRS
    fit = {pk: score for pk, score in best.items() if pk in versions and (pk in own or _is_asked(versions[pk], said))}
    top = max(fit.values(), default=0)
    return [
        FoundArticle(versions[pk], round(score / top, 3), snippet_of(versions[pk].body, text))
        for pk, score in list(fit.items())[:limit]
    ]


def get_live(version_id: int) -> ArticleVersion | None:
    """Return the version of an article that is online, or None."""
    found = ArticleVersion.objects.filter(pk=version_id, state=ARTICLE_LIVE)
    return found.select_related("article__unit", "area").first()


def snippet_of(body: str, text: str) -> str:
    """Return the part of `body` that shares most with `text`, else its beginning; one line."""
    body, text = " ".join(body.split()), text[:400]
    pairs = _pairs(text)
    hits = [i for i in range(len(body) - 1) if body[i : i + 2] in pairs][:HITS]
    if not hits:
        return _cut(body, 0)
    first = max(hits, key=lambda start: (sum(start <= hit < start + SNIPPET for hit in hits), -start))
    return _cut(body, max(0, first - LEAD))


def _is_asked(version: ArticleVersion, said: set[str]) -> bool:
    """Whether the pairs said speak of what the article answers: one is in its title, or two in its other wordings."""
    return bool(said & _pairs(version.title)) or len(said & _pairs("\n".join(version.questions))) > 1


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _best(
    index: ArticleIndex, text: str, item_id: int | None, area: Area | None, on: date, limit: int
) -> dict[int, float]:
    """Return {version id: score} of the best `limit` articles, best first."""
    own = set(index.by_item.get(item_id, ())) if item_id else set()
    found: dict[int, float] = {}
    least = 0.0
    for position, score in _falling(_scores(index, text, sorted(own), area)):
        if score < least and not own:
            break
        if (score >= least or position in own) and index.entries[position].holds_on(on):
            found[index.entries[position].version_id] = score
            least = LEAST * max(found.values())
        if len(found) == limit:
            break
    return found


def _scores(index: ArticleIndex, text: str, own: list[int], area: Area | None):
    """Return the score of every article: by its words, weighed by the item and the area."""
    scores = index.words.scores(text)
    scores[own] = scores[own] * ITEM_BOOST + ITEM_FLOOR
    if area is not None:
        for path, positions in index.by_area.items():
            scores[positions] *= AREA_BOOST if area.path.startswith(path) else 0
    return scores


def _falling(scores) -> Iterator[tuple[int, float]]:
    """Yield (position, score) of what matches, best first."""
    import numpy as np  # slow to import, and only those that search need it

    for position in np.argsort(-scores, kind="stable"):
        if scores[position] <= 0:
            return
        yield int(position), float(scores[position])


def _cut(body: str, start: int) -> str:
    end = start + SNIPPET
    return ("…" if start else "") + body[start:end] + ("…" if end < len(body) else "")

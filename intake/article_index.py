"""The articles that are online, as an index in memory: title ×3, other wordings ×3, body ×1.

Every process keeps one and looks every few seconds whether it is still true. A small knowledge base is indexed at once;
of a large one the old index goes on answering while the new one is built beside it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max

from intake.models import ArticleVersion
from intake.workflow import ARTICLE_LIVE
from shenzhen_gov.core.kept import kept
from shenzhen_gov.core.text_index import TextIndex

BODY_INDEXED = 800  # characters: what an article is about stands at its beginning
AT_ONCE = 500  # articles indexed while the reader waits
GRAMS = (2, 3)
FIELDS = ("id", "title", "questions", "body", "valid_from", "expires_on", "area__path")

State = tuple[int, datetime | None]


@dataclass(frozen=True)
class Entry:
    """What the index keeps of an article beside its text."""

    version_id: int
    valid_from: date
    expires_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether citizens may be answered from it on this day."""
        return self.valid_from <= day and (self.expires_on is None or day <= self.expires_on)


class ArticleIndex:
    """The articles online at one moment."""

    def __init__(self, state: State, rows: list[dict], items: dict[int, list[int]]):
        self.state = state
        self.entries = [Entry(row["id"], row["valid_from"], row["expires_on"]) for row in rows]
        self.by_area: dict[str, list[int]] = defaultdict(list)
        self.by_item: dict[int, list[int]] = defaultdict(list)
        for position, row in enumerate(rows):
            if row["area__path"]:
                self.by_area[row["area__path"]].append(position)
            for item_id in items.get(row["id"], ()):
                self.by_item[item_id].append(position)
        self.words = TextIndex([_profile(row) for row in rows], grams=GRAMS)


_building = threading.Lock()
_current: ArticleIndex | None = None


def current_index() -> ArticleIndex:
    """Return the index of the articles online; of a large knowledge base it may be some seconds old."""
    global _current
    state, index = live_state(), _current
    if index is not None and index.state == state:
        return index
    if index is not None and state[0] > AT_ONCE:
        if _building.acquire(blocking=False):
            rows = _read()
            threading.Thread(target=_replace, args=(state, *rows), name="article index", daemon=True).start()
        return index
    with _building:
        if _current is None or _current.state != state:
            _current = ArticleIndex(state, *_read())
        return _current


@kept
def live_state() -> State:
    """Return what tells one set of articles online from another: every change counts one up or down, or is newer."""
    live = ArticleVersion.objects.filter(state=ARTICLE_LIVE)
    found = live.aggregate(count=Count("pk"), newest=Max("reviewed_at"))
    return found["count"], found["newest"]


def _replace(state: State, rows: list[dict], items: dict[int, list[int]]) -> None:
    """Run in a thread that holds `_building`: build the next index and put it in place."""
    global _current
    try:
        _current = ArticleIndex(state, rows, items)
    finally:
        _building.release()


def _read() -> tuple[list[dict], dict[int, list[int]]]:
    """Return the rows of the articles online, in a fixed order, and the items of each."""
    live = ArticleVersion.objects.filter(state=ARTICLE_LIVE)
    items: dict[int, list[int]] = defaultdict(list)
    for version_id, item_id in live.filter(items__isnull=False).values_list("pk", "items"):
        items[version_id].append(item_id)
    return list(live.order_by("article_id").values(*FIELDS)), items


def _profile(row: dict) -> list[tuple[str, int]]:
    return [(row["title"], 3), *((str(text), 3) for text in row["questions"]), (row["body"][:BODY_INDEXED], 1)]

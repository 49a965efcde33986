"""Text → duty items: BM25 over the words of each item.

An item is described by its name ×3, its keywords ×3 and its criteria ×1. Its example requests are not among the words:
they are texts like those that are asked about, and count as such (intake's suggestions do); as words they made the
ranking worse (own held-back examples found first: .29 with them, .40 without). The index is built once per process and
list state, and rebuilt when a version is published.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from shenzhen_gov.core.text_index import TextIndex

from .choices import LimitUnit, Source
from .models import ItemVersion


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
    """The items in force, found by text. `scores` and `examples` are in the order of `entries`."""

    def __init__(self, versions: list[ItemVersion]):
        self.entries = [_entry(version) for version in versions]
        self.codes = {entry.code: entry for entry in self.entries}
        self.examples = [tuple(version.examples) for version in versions]
        self.words = TextIndex(profile_of(version) for version in versions)

    def with_code(self, text: str) -> FoundItem | None:
        """Return the item whose code somebody typed."""
        entry = self.codes.get(text.strip().upper())
        return FoundItem(**vars(entry), score=1.0, matched=(entry.code,)) if entry else None

    def scores(self, text: str):
        """Return how well every item fits `text`, as an array."""
        return self.words.scores(text)

    def rank(self, text: str, limit: int) -> list[FoundItem]:
        """Return up to `limit` items that fit `text`, best first; the code of an item finds just that item."""
        if exact := self.with_code(text):
            return [exact]
        ranked = self.words.rank(text, limit)
        return [found_item(self.entries[place], score / ranked[0][1], text) for place, score in ranked]


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


def profile_of(version: ItemVersion) -> list[tuple[str, int]]:
    """Return the texts that an item is found by, and how often each counts."""
    words = [(text, 3) for text in (version.name, *version.keywords)]
    return [*words, (version.criteria, 1), (version.path_text, 1)]


def found_item(entry: Entry, score: float, text: str) -> FoundItem:
    """Return an item found, with those of its keywords that stand in the text, else the parts of its name that do."""
    matched = tuple(word for word in entry.keywords if word and word in text) or _parts_in(entry.name, text)
    return FoundItem(**vars(entry), score=round(score, 3), matched=matched)


def _parts_in(name: str, text: str) -> tuple[str, ...]:
    """Return the longest parts of a name, of two characters or more, that stand in the text, in order."""
    parts, start = [], 0
    while start < len(name) - 1:
        longest = next((end for end in range(len(name), start + 1, -1) if name[start:end] in text), 0)
        if longest:
            parts.append(name[start:longest])
        start = longest or start + 1
    return tuple(parts)

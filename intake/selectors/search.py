"""Finding cases by what somebody types or reads out: number, its end, outside number, phone, words, place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.access import holds
from grid.choices import Act
from grid.models import Area
from intake.models import Case, Channel
from intake.services.citizens import find_by_phone, normal_phone
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.pairs import plain, search_words

from .areas import search_areas
from .search_streams import BEYOND, Stream, by_place, by_query, by_tail, by_words, merge

SHOWN = 20
LONGEST_TEXT = 120
SHORTEST_TAIL = 4
NUMBER = re.compile(r"[A-Z0-9-]{4,60}")
SNIPPET = 42
CASE_PARTS = ("area", "item_version", "channel", "holder")

FOUND_BY: dict[str, str | Promise] = {
    "number": _("Number"),
    "tail": _("End of the number"),
    "outside": _("Outside number"),
    "phone": _("Phone"),
    "place": _("Place"),
    "words": pgettext_lazy("found by", "Words"),
}


@dataclass(frozen=True)
class FoundCase:
    """A case, by what it was found (keys of FOUND_BY), and where in its content the words stand."""

    case: Case
    by: tuple[str, ...]
    snippet: str

    @property
    def by_labels(self) -> list[str]:
        """Return the words for what it was found by."""
        return [str(FOUND_BY[code]) for code in self.by]


@dataclass(frozen=True)
class Search:
    """What was found, newest first. `before` is where the next page begins, None when nothing older is there.

    `back_to` is the moment to which cases were looked through, where that ended before the page was full.
    """

    text: str
    rows: list[FoundCase] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    before: int | None = None
    back_to: datetime | None = None
    is_phone: bool = False  # it reads like a phone number, and was not looked up as one

    @property
    def number_parts(self) -> list[str]:
        """Return what of a number to mark: the text, where it is the end of one."""
        return [self.text.upper()] if NUMBER.fullmatch(self.text.upper()) else []


def get_by_number(user, text: str) -> Case | None:
    """Return the case in sight with exactly this number or outside number."""
    number = _clean(text)
    visible = Case.objects.visible_to(user)
    return visible.filter(number=number.upper()).first() or _outside(visible, number).order_by("-pk").first()


def find_cases(user, text: str, limit: int = SHOWN, *, before: int | None = None, may_be_phone: bool = True) -> Search:
    """Return the cases in sight that fit `text`, newest first, and by what each was found.

    A phone number finds the cases of its citizen for whoever registers cases; `may_be_phone` is False where the text
    came in an address, which is logged.
    """
    text = _clean(text)
    before = BEYOND if before is None else before
    phone = _phone(user, text)
    words, areas = search_words(text), _areas(text)
    streams = {
        code: look(before, limit) for code, look in _ways(user, text, words, areas, phone if may_be_phone else "")
    }
    merged = merge(list(streams.values()), limit)
    return Search(
        text=text,
        rows=_rows(merged, streams, words),
        words=words,
        areas=areas[:1],
        before=merged.floor,
        back_to=_back_to(merged) if len(merged.ids) < limit else None,
        is_phone=bool(phone) and not may_be_phone,
    )


def _clean(text: str) -> str:
    """Return the text without what the database cannot take (NUL, half characters)."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()[:LONGEST_TEXT].strip()


def _ways(user, text: str, words: list[str], areas: list[Area], phone: str):
    """Yield each way of finding that fits the text, as (code, function of before and limit)."""
    visible = Case.objects.visible_to(user)
    number = plain(text).upper()
    if phone:
        yield "phone", _query(visible.filter(citizen__in=find_by_phone(phone)))
    if any(character.isdigit() for character in number):
        yield "outside", _query(_outside(visible, text))
    if NUMBER.fullmatch(number):
        yield "number", _query(visible.filter(number=number))
        if number.isalnum():
            yield "tail", lambda before, limit: by_tail(user, number, before, limit)
    if areas:
        yield "place", lambda before, limit: by_place(user, areas, before, limit)
    if words and not (phone or number.isdigit()):
        yield "words", lambda before, limit: by_words(user, words, before, limit)


def _query(rows: QuerySet[Case]) -> Callable[[int, int], Stream]:
    return lambda before, limit: by_query(rows, before, limit)


def _outside(rows: QuerySet[Case], number: str) -> QuerySet[Case]:
    """Return the cases with this outside number; the index begins with the channel."""
    return rows.filter(channel__in=list(Channel.objects.values_list("pk", flat=True)), external_id=number)


def _phone(user, text: str) -> str:
    """Return the phone number that the text is, for whoever may look people up by it: who handles learns no caller."""
    if not holds(user, Act.REGISTER_CASE) or holds(user, Act.HANDLE_CASE):
        return ""
    try:
        return normal_phone(text)
    except Refused:
        return ""


def _areas(text: str) -> list[Area]:
    """Return the area that is called so, with everything in it; none when the name stands for several."""
    name = plain((text.split() or [""])[-1])
    named = [area for area in search_areas(text) if len(name) > 1 and plain(area.name).startswith(name)]
    if not named:
        return []
    return [named[0], *Area.objects.below(named[0]).exclude(pk=named[0].pk).order_by("level", "path")]


def _rows(merged: Stream, streams: dict[str, Stream], words: list[str]) -> list[FoundCase]:
    cases = Case.objects.select_related(*CASE_PARTS).defer("legacy").in_bulk(merged.ids)
    return [
        FoundCase(
            cases[pk],
            tuple(code for code, stream in streams.items() if pk in stream.ids),
            snippet_of(cases[pk], words),
        )
        for pk in merged.ids
        if pk in cases
    ]


def _back_to(merged: Stream) -> datetime | None:
    """Return when the oldest case that was looked at was registered; only a moment, whoever may see the case."""
    if merged.floor is None:
        return None
    rows = Case.objects.filter(pk__gte=merged.floor).order_by("pk")
    return rows.values_list("registered_at", flat=True).first()


def snippet_of(case: Case, words: list[str]) -> str:
    """Return the part of the content around the first of the words, else its beginning; empty if it is the title."""
    text = " ".join(case.content.split())
    if text.rstrip("。；;") == case.title:
        return ""
    lower = text.casefold()
    places = [place for word in words if (place := lower.find(word)) >= 0]
    start = max(0, min(places) - SNIPPET // 3) if places else 0
    end = start + 2 * SNIPPET
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")

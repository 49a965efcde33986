"""Screening of what comes in without log-in: never lost, but looked at by a person before anybody is sent out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from grid.services.reference import Reference, load_rows, save_row
from intake.models import Case, ScreeningWord
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.kept import kept

from .attachments import Upload
from .registration import NewCase, Registration, register_once

TABLE = Reference(ScreeningWord, key="word", action="screening_word.changed")


@dataclass(frozen=True)
class ScreeningRow:
    """A word as the file or a form gives it."""

    word: str
    reason: str
    source: str
    is_active: bool = True


def register_screened(
    data: NewCase, *, is_suspect: bool, by: Actor, now: datetime, idempotency_key: str, files: Sequence[Upload] = ()
) -> Registration:
    """Register a request that came in without log-in; what looks wrong is marked sensitive, so that a person decides.

    `is_suspect`: something filled in a field that people do not see. Raises what `register_once` raises.
    """
    words = find_words(f"{data.content} {data.wish} {data.address}")
    is_flagged = is_suspect or bool(words)
    data = replace(data, is_sensitive=is_flagged)

    def note(case: Case) -> None:
        if is_flagged:
            facts = {"words": words, "hidden_field": is_suspect}
            audit.record("case.screened", case, by=by, now=now, changes=facts)

    return register_once(data, by=by, now=now, idempotency_key=idempotency_key, files=files, then=note)


def find_words(text: str) -> list[str]:
    """Return the screening words in use that stand in `text`; blanks between characters hide nothing."""
    dense = "".join(text.split()).casefold()
    return [word for word in _words_in_use() if word in dense]


@transaction.atomic
def load_screening_words(
    rows: Iterable[ScreeningRow], *, overwrite: bool = False, by: Actor, now: datetime
) -> list[str]:
    """Add the words that are missing; see `reference.load_rows`."""
    transaction.on_commit(_words_in_use.forget)
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_screening_word(row: ScreeningRow, *, by: Actor, now: datetime) -> ScreeningWord:
    """Add or change one word."""
    transaction.on_commit(_words_in_use.forget)
    return save_row(TABLE, row, by=by, now=now)


@kept
def _words_in_use() -> list[str]:
    words = ScreeningWord.objects.filter(is_active=True).values_list("word", flat=True)
    return ["".join(word.split()).casefold() for word in words]

"""Words that speak for an urgency, for a kind of request, for a person to decide, or for an early warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake.choices import HintKind, RequestType, RiskTopic, Urgency, Veto
from intake.models import HintWord
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

HEAVIEST = 10
LONGEST = 30
VALUES = {
    HintKind.URGENCY: Urgency,
    HintKind.REQUEST_TYPE: RequestType,
    HintKind.VETO: Veto,
    HintKind.RISK: RiskTopic,
}


@dataclass(frozen=True)
class HintRow:
    """A word as a file or a form gives it."""

    word: str
    kind: str
    value: str
    weight: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_hint_words(rows: Iterable[HintRow], *, overwrite: bool = False, by: Actor, now: datetime) -> int:
    """Add the words that are missing, and with `overwrite` bring the weights of the others in line; returns how many.

    What an administrator took out of use stays so.
    """
    access.require_administration(by, None)
    known = {(word.word, word.kind, word.value): word for word in HintWord.objects.select_for_update()}
    changed = 0
    for row in rows:
        there = known.get((row.word, row.kind, row.value))
        if there is None or (overwrite and (there.weight, there.source) != (row.weight, row.source)):
            _write(there or HintWord(), {**asdict(row), "is_active": there is None or there.is_active}, by, now)
            changed += 1
    return changed


@transaction.atomic
def save_hint_word(row: HintRow, *, word_id: int | None = None, by: Actor, now: datetime) -> HintWord:
    """Add or change one word."""
    access.require_administration(by, None)
    check_hint_word(row)
    word = HintWord.objects.select_for_update().get(pk=word_id) if word_id else HintWord()
    same = HintWord.objects.filter(word=row.word, kind=row.kind, value=row.value)
    if same.exclude(pk=word_id or 0).exists():
        raise BadInput(_("This word speaks for this value already."), field="word")
    return _write(word, asdict(row), by, now)


def check_hint_word(row: HintRow) -> None:
    """Refuse what means nothing, naming the column."""
    if not 2 <= len(row.word) <= LONGEST or not row.word.isprintable():
        raise BadInput(_("A word has 2 to %(most)s characters.") % {"most": LONGEST}, field="word")
    if row.kind not in HintKind.values:
        raise _not_one_of(row.kind, HintKind.values, "kind")
    choices = VALUES[HintKind(row.kind)].values
    if row.value not in choices:
        raise _not_one_of(row.value, choices, "value")
    if not 0 <= row.weight <= HEAVIEST:
        raise BadInput(_("The weight is a whole number from 0 to %(most)s.") % {"most": HEAVIEST}, field="weight")


def _not_one_of(value: str, choices: list[str], field: str) -> BadInput:
    text = _("“%(value)s” is not one of: %(choices)s.")
    return BadInput(text % {"value": value, "choices": joined(choices)}, field=field)


def _write(word: HintWord, values: dict, by: Actor, now: datetime) -> HintWord:
    before = {name: getattr(word, name) if word.pk else None for name in values}
    for name, value in values.items():
        setattr(word, name, value)
    word.save()
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if changes:
        audit.record("hint_word.changed", word, by=by, now=now, changes=changes)
    return word

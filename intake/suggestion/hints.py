"""What the words of a text say about its urgency and its kind, with the words: for a person to take or leave.

And what in it keeps a machine from deciding, or must be known at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from intake.choices import HintKind
from intake.models import HintWord
from intake.services.hint_words import VALUES
from intake.spotting import Spotter
from shenzhen_gov.core.kept import kept

SAID_FROM = 10  # the sum of the weights of different words
SEVERE = ("emergency", "urgent")  # the severest that is reached is said, whatever else is


@dataclass(frozen=True)
class Hint:
    """A value that the text speaks for, and the words it does so by."""

    kind: str
    value: str
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return the value in the reader's language."""
        return str(VALUES[HintKind(self.kind)](self.value).label)


def find_hints(text: str) -> dict[str, Hint]:
    """Return kind → hint for what the text speaks for clearly enough; of two values that tie neither."""
    spotters, meanings = _words()
    offered = [kind for kind in spotters if kind not in (HintKind.VETO, HintKind.RISK)]
    return {kind: hint for kind in offered if (hint := _hint(kind, spotters[kind].find(text), meanings))}


def find_veto(text: str) -> Hint | None:
    """Return what in the text keeps a machine from deciding where it goes, with the words."""
    spotters, meanings = _words()
    spotter = spotters.get(HintKind.VETO)
    return _hint(HintKind.VETO, spotter.find(text), meanings) if spotter else None


def find_risks(text: str) -> dict[str, tuple[str, ...]]:
    """Return topic → words of what must be known at once; a text may hold several topics."""
    spotters, meanings = _words()
    found: dict[str, dict[str, None]] = defaultdict(dict)
    sums: dict[str, int] = defaultdict(int)
    hits = spotters[HintKind.RISK].find(text) if HintKind.RISK in spotters else ()
    for word in dict.fromkeys(hit[2] for hit in hits):
        for topic, weight in meanings[HintKind.RISK, word]:
            sums[topic] += weight
            found[topic][word] = None
    return {topic: tuple(words) for topic, words in found.items() if sums[topic] >= SAID_FROM}


def _hint(kind: str, spotted: list[tuple[int, int, str]], meanings: dict) -> Hint | None:
    words: dict[str, list[str]] = defaultdict(list)
    sums: dict[str, int] = defaultdict(int)
    for word in dict.fromkeys(word for _start, _end, word in spotted):
        for value, weight in meanings[kind, word]:
            if weight:
                words[value].append(word)
                sums[value] += weight
    reached = {value: total for value, total in sums.items() if total >= SAID_FROM}
    if severe := next((value for value in SEVERE if value in reached), None):
        return Hint(kind, severe, tuple(words[severe]))
    best = [value for value, total in reached.items() if total == max(reached.values())]
    return Hint(kind, best[0], tuple(words[best[0]])) if len(best) == 1 else None


@kept
def _words() -> tuple[dict[str, Spotter], dict[tuple[str, str], list[tuple[str, int]]]]:
    """Return the words in use, by kind, and what each speaks for."""
    meanings = defaultdict(list)
    for row in HintWord.objects.filter(is_active=True):
        meanings[row.kind, row.word].append((row.value, row.weight))
    kinds = {kind for kind, _word in meanings}
    return {kind: Spotter(word for of, word in meanings if of == kind) for kind in kinds}, dict(meanings)

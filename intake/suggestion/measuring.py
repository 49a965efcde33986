"""How good suggestions are, on texts whose right answer is known and that were held back while learning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from dutylist.selectors import ItemIndex

from .centroids import Centroids
from .ranking import Ranker
from .vectors import rarity, vector_of

FOLDS = 5
PLACES = (1, 3, 5)


@dataclass(frozen=True)
class Message:
    """A text with the class a person gave it."""

    title: str
    text: str
    label: str


@dataclass(frozen=True)
class Score:
    """How often the right answer stood among the first 1, 3, 5; and the mean F1 over the classes, where it is known."""

    name: str
    texts: int
    classes: int
    top: dict[int, float]
    macro_f1: float | None = None


def score_messages(messages: Sequence[Message], folds: int = FOLDS) -> Score:
    """Measure the centroids alone: every message is ranked by what was learned from the other folds."""
    labels = sorted({message.label for message in messages})
    numbers = {label: number for number, label in enumerate(labels)}
    order = np.random.RandomState(0).permutation(len(messages))
    ranks, answers = [], []
    for fold in range(folds):
        held = set(order[fold::folds].tolist())
        learned = [message for number, message in enumerate(messages) if number not in held]
        weights = rarity(f"{message.title}\n{message.text[:300]}" for message in learned)
        known = Centroids(
            (numbers[label], [vector_of(m.text, m.title, weights) for m in learned if m.label == label])
            for label in labels
            if any(m.label == label for m in learned)
        )
        for message in (messages[number] for number in sorted(held)):
            likeness = _by_number(known, known.likeness(vector_of(message.text, message.title, weights)), len(labels))
            right = numbers[message.label]
            ranks.append(_rank(likeness, right))
            answers.append((right, int(likeness.argmax())))
    return Score("messages, held back by folds", len(messages), len(labels), _top(ranks), _macro_f1(answers))


def score_catalogue(versions: Sequence, *, examples_only: bool = False) -> Score:
    """Measure the whole ranking on the list's own example requests, each held back once.

    Of every item with two examples or more the first, the second … is taken out in turn. With `examples_only` the
    words of the list are taken out too, which shows what the remaining examples say by themselves.
    """
    ranks: list[int] = []
    most = max((len(version.examples) for version in versions), default=0)
    for turn in range(most):
        held = {number: v.examples[turn] for number, v in enumerate(versions) if len(v.examples) > max(turn, 1)}
        if not held:
            continue
        rest = [_without(version, turn if number in held else None) for number, version in enumerate(versions)]
        ranker = Ranker(ItemIndex(rest))  # the index reads fields only
        ask: Callable = ranker.by_examples if examples_only else ranker.totals
        for number, text in held.items():
            totals = ask(text, "")
            ranks.append(_rank(totals, number))
    name = "examples of the list alone" if examples_only else "words and examples of the list"
    return Score(f"{name}, held back one by one", len(ranks), len(versions), _top(ranks))


def _rank(scores: np.ndarray, right: int) -> int:
    """Return how many stand before the right answer; of equal ones all, so that nothing looks better than it is."""
    return int((scores >= scores[right]).sum()) - 1 if scores[right] > 0 else len(scores)


def _without(version, turn: int | None):
    """Return what the index reads of a version, one example left out."""
    names = ("item_id", "item", "name", "path_text", "limit_normal", "limit_unit", "is_sample", "keywords", "criteria")
    examples = [text for number, text in enumerate(version.examples) if number != turn]
    return SimpleNamespace(**{name: getattr(version, name) for name in names}, examples=examples)


def _by_number(known: Centroids, values: np.ndarray, size: int) -> np.ndarray:
    spread = np.zeros(size)
    spread[list(known.columns)] = values
    return spread


def _top(ranks: Iterable[int]) -> dict[int, float]:
    found = np.array(list(ranks))
    return {place: float((found < place).mean()) if len(found) else 0.0 for place in PLACES}


def _macro_f1(answers: list[tuple[int, int]]) -> float:
    right, told = np.array(answers).T
    shares = []
    for label in np.unique(right):
        both = ((right == label) & (told == label)).sum()
        shares.append(2 * both / ((right == label).sum() + (told == label).sum()))
    return float(np.mean(shares))

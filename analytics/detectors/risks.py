"""Risk words: what must be known at once. One warning for each topic and place, however many words and cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class RiskHit:
    """A case whose text holds words of a topic."""

    case: int
    citizen: int | None
    area: int
    topic: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Risk:
    """The cases of one topic in one area, and the words in them, most frequent first."""

    topic: str
    area: int
    cases: tuple[int, ...]
    citizens: tuple[int, ...]
    words: tuple[str, ...]


def gather_risks(hits: Iterable[RiskHit]) -> list[Risk]:
    """Return the risks, those with most cases first."""
    together: dict[tuple[str, int], list[RiskHit]] = defaultdict(list)
    for hit in hits:
        together[hit.topic, hit.area].append(hit)
    found = [_risk(topic, area, group) for (topic, area), group in together.items()]
    return sorted(found, key=lambda risk: (-len(risk.cases), risk.topic, risk.area))


def _risk(topic: str, area: int, hits: list[RiskHit]) -> Risk:
    times: dict[str, int] = defaultdict(int)
    for hit in hits:
        for word in hit.words:
            times[word] += 1
    return Risk(
        topic,
        area,
        cases=tuple(sorted({hit.case for hit in hits})),
        citizens=tuple(sorted({hit.citizen for hit in hits if hit.citizen is not None})),
        words=tuple(sorted(times, key=lambda word: (-times[word], word))),
    )

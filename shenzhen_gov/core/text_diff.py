"""What changed inside a text: by character for Chinese, by word for other scripts, as plain data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby

SAME, GONE, NEW = "same", "del", "ins"
Segment = tuple[str, str]  # (same, del or ins; text), escaped by whoever shows it

_TOKENS = re.compile(r"[A-Za-z0-9_.%]+|\s+|.", re.DOTALL)
LONGEST = 4_000_000  # pairs of tokens compared; beyond, the text is shown as replaced as a whole
SHORTEST_KEPT = 2  # a single character kept between two changes makes them harder to read


def text_segments(before: str, after: str) -> list[Segment]:
    """Return the text as it was and became, cut into what stayed, went and came."""
    one, other = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(one) * len(other) > LONGEST:
        return [(kind, text) for kind, text in ((GONE, before), (NEW, after)) if text]
    found: list[Segment] = []
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for at, (tag, a1, a2, b1, b2) in enumerate(steps):
        kept = "".join(one[a1:a2])
        if tag == "equal" and (len(kept) >= SHORTEST_KEPT or at in {0, len(steps) - 1}):
            found.append((SAME, kept))
        else:
            found += [(GONE, kept), (NEW, "".join(other[b1:b2]))]
    return _joined(found)


def list_segments(before: Sequence[str], after: Sequence[str]) -> list[Segment]:
    """Return the entries of a list that stayed, went and came, one segment each."""
    found: list[Segment] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [(SAME, entry) for entry in before[a1:a2]]
        else:
            found += [(GONE, entry) for entry in before[a1:a2]] + [(NEW, entry) for entry in after[b1:b2]]
    return found


def _joined(segments: list[Segment]) -> list[Segment]:
    """Join neighbours of one kind; between two kept parts what went stands before what came."""
    joined: list[Segment] = []
    for kept, run in groupby((one for one in segments if one[1]), key=lambda one: one[0] == SAME):
        run_list = list(run)
        for kind in (SAME,) if kept else (GONE, NEW):
            if text := "".join(text for mark, text in run_list if mark == kind):
                joined.append((kind, text))
    return joined

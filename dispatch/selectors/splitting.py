"""Taking a request about several matters apart: what is proposed, and what a case was part of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from dispatch.models import CaseSplit
from grid.access import areas_with
from grid.choices import Act
from intake.models import Case
from intake.selectors import suggest_items

MOST = 5
ITEMS_PER_PART = 3
# Words by which people count what they ask for, at the beginning of a sentence or clause.
COUNTED = re.compile(
    r"(?:(?<=^)|(?<=[\s。；;，,：:！!？?]))"
    r"(?:[一二三四五]是|[1-5１-５]\s*[、.．)）]|[（(][1-5一二三四五][)）]|[①②③④⑤]|第[一二三四五][，、,个件]|另外|此外|同时还|还反映)"
)


@dataclass(frozen=True)
class ProposedPart:
    """The words of one matter, and the items that fit them (code, path), best first."""

    content: str
    items: list[tuple[str, str]]

    @property
    def item(self) -> str:
        """Return the code of the item that fits best."""
        return self.items[0][0] if self.items else ""


def propose_parts(case: Case, on: date) -> list[ProposedPart]:
    """Return the matters a request seems to name; where it counts none, the whole of it as the only one."""
    return [ProposedPart(text, find_items(text, on)) for text in cut_apart(case.content)]


def find_items(text: str, on: date) -> list[tuple[str, str]]:
    """Return (code, path) of the items that fit a text."""
    return [(item.code, item.path_text) for item in suggest_items(text, on=on, limit=ITEMS_PER_PART)]


def cut_apart(text: str) -> list[str]:
    """Return the pieces of a text that counts several matters (一是…二是…, 1、…2、…, 另外…), at most MOST."""
    starts = [match.start() for match in COUNTED.finditer(text)]
    if not starts:
        return [text.strip()]
    lead = text[: starts[0]]
    # "…请处理。另外…": what stands before the first such word is a matter of its own, unless it only leads to a list.
    if len(lead.strip()) > 1 and not lead.rstrip().endswith((":", "：")):
        starts.insert(0, 0)
    pieces = [text[start:end].strip(" ，,；;\n") for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    pieces = [piece for piece in pieces if len(piece) > 1]
    return pieces[: MOST - 1] + ["\n".join(pieces[MOST - 1 :])] if len(pieces) > MOST else pieces or [text.strip()]


def get_part_areas(user, case: Case) -> list[tuple[str, str]]:
    """Return (code, name) of the areas a part may lie in: beside that of the case, where this person dispatches."""
    if case.area is None:
        return []
    around = areas_with(user, Act.DISPATCH_CASE).filter(
        is_active=True, parent=case.area.parent_id, level=case.area.level
    )
    return list(around.order_by("code").values_list("code", "name"))


def get_splits(case: Case) -> list[CaseSplit]:
    """Return the splits that a case came out of or went through, oldest first, with their cases."""
    cases = Prefetch("cases", Case.objects.order_by("pk"))
    return list(CaseSplit.objects.filter(cases=case).prefetch_related(cases).order_by("id"))


def other_parts(case: Case) -> list[str]:
    """Return the numbers of the other cases that one request became."""
    found = Case.objects.filter(part_of_splits__in=CaseSplit.objects.filter(cases=case)).exclude(pk=case.pk)
    return list(found.distinct().order_by("pk").values_list("number", flat=True))

"""Candidates for cases that nobody chose a duty item for: ranked by their text, each with its unit by the duty list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dispatch.choices import ItemBasis
from dispatch.drafts import Draft
from dutylist.selectors import Duty
from intake.selectors import suggest_for_many
from shenzhen_gov.core.parameters import get_parameter

WORDS = 6  # named with a candidate


def add_candidates(drafts: Sequence[Draft], on: date) -> None:
    """Rank the items for the drafts without one; the first becomes the item the machine would take."""
    open_ones = [draft for draft in drafts if draft.item_id is None]
    if not open_ones:
        return
    texts = [(draft.case.content, draft.case.title) for draft in open_ones]
    ranked, method = suggest_for_many(texts, on=on, limit=int(get_parameter("gate.candidates", on)))
    for draft, found in zip(open_ones, ranked, strict=True):
        draft.basis, draft.model_version = ItemBasis.SUGGESTED, method
        draft.candidates = [_candidate(item) for item in found]
        draft.item_id = draft.candidates[0]["item"] if draft.candidates else None


def name_units(draft: Draft, duties: Mapping[tuple, Duty]) -> None:
    """Write beside each candidate the version in force and whom the list names at the place."""
    for candidate in draft.candidates:
        duty = duties.get((candidate["item"], draft.case.area_id))
        unit = duty.row.lead_unit if duty and duty.row else None
        candidate |= {"version": duty.version.pk if duty else None, "unit": unit.pk if unit else None}
        candidate["unit_name"] = str(unit) if unit else ""


def _candidate(item) -> dict:
    """Return what is kept of one suggestion, with the names as they are now."""
    return {
        "item": item.item_id,
        "code": item.code,
        "path": item.path_text,
        "score": round(item.score, 4),
        "words": list(item.matched[:WORDS]),
        "like_cases": item.like_cases,
        "like_example": item.like_example,
    }

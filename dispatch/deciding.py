"""How a unit is found: place, duty item, version in force, responsible row, gate. Reads only; writes nothing.

The unit is looked up in the maintained table and never learned (design: dispatch). What the machine may not or cannot
decide, or has not earned, goes to a person, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import Duty, duties_for
from intake.models import Case

from .choices import ItemBasis, NeedsPerson
from .drafts import Draft
from .gate.by_rules import apply_rules, match_rules
from .gate.cells import Gate
from .gate.suggesting import add_candidates, name_units
from .gate.vetoes import veto

__all__ = ["Draft", "decide_many"]


def decide_many(cases: Sequence[Case], now: datetime, *, is_gated: bool = True) -> list[Draft]:
    """Return a decision for every case (with `area` and `item` loaded); as many statements however many there are.

    Replays of past cases leave out (`is_gated` False) what holds today: the rules in force and the gate.
    """
    day = timezone.localdate(now)
    drafts = [Draft(case, item_id=case.item_id) for case in cases]
    if is_gated:
        match_rules(drafts, now)
    add_candidates(drafts, day)
    duties = duties_for(_pairs(drafts), day)
    for draft in drafts:
        name_units(draft, duties)
        _look_up(draft, duties)
    _tell_gaps(drafts)
    if is_gated:
        apply_rules(drafts)
    for draft in drafts:
        _refuse(draft)
    if is_gated:
        Gate(drafts, now).judge()
    for draft in drafts:
        draft.keep_what_was_decided()
    return drafts


def _pairs(drafts: Sequence[Draft]) -> list[tuple]:
    """Return the (item, area) to be looked up, those of all candidates included."""
    chosen = [(draft.item_id, draft.case.area) for draft in drafts if draft.item_id and draft.case.area]
    return chosen + [(one["item"], draft.case.area) for draft in drafts for one in draft.candidates]


def _look_up(draft: Draft, duties: Mapping[tuple, Duty]) -> None:
    """Find place, version and row, and the unit that they name."""
    case = draft.case
    if case.area is None:
        draft.stop(NeedsPerson.NO_PLACE, "place_unknown")
        return
    draft.say("place_found", area=_chain(case.area), source=case.place_source)
    if draft.item_id is None:
        draft.stop(NeedsPerson.NO_ITEM, "nothing_suggested" if draft.model_version else "item_missing")
        return
    draft.follow(duties.get((draft.item_id, case.area_id)))
    if draft.version is None:
        draft.stop(NeedsPerson.NO_VERSION, "item_not_in_force", item=case.item or draft.candidates[0]["path"])
        return
    _say_item(draft, draft.version)
    if draft.row is not None:
        draft.say("row_found", area=draft.row.area, unit=draft.row.lead_unit)
        draft.unit = draft.row.lead_unit
    elif draft.basis == ItemBasis.SUGGESTED:
        draft.stop(NeedsPerson.NO_ITEM, "row_missing", area=case.area)
    else:
        draft.needs_person = NeedsPerson.NO_ROW


def _say_item(draft: Draft, version: ItemVersion) -> None:
    if draft.basis == ItemBasis.SUGGESTED:
        first = draft.candidates[0]
        draft.say("items_suggested", path=first["path"], words="、".join(first["words"]) or "—")
    draft.say("item_chosen", path=version.path_text, number=version.number, since=version.effective_from)


def _tell_gaps(drafts: Sequence[Draft]) -> None:
    """Tell holes in the list from places that are not known precisely enough, with one statement for all."""
    gaps = [
        (draft, draft.case.area, draft.version.rows_id)
        for draft in drafts
        if draft.needs_person == NeedsPerson.NO_ROW and draft.case.area is not None and draft.version is not None
    ]
    if not gaps:
        return
    asked = [Q(version=version, area__path__startswith=area.path) for _draft, area, version in gaps]
    rows = Responsibility.objects.filter(reduce(or_, asked)).values_list("version", "area__path")
    narrower = list(rows)
    for draft, area, version in gaps:
        if any(found == version and below.startswith(area.path) for found, below in narrower):
            draft.stop(NeedsPerson.NO_PLACE, "place_too_wide", area=area)
        else:
            draft.stop(NeedsPerson.NO_ROW, "row_missing", area=area)


def _refuse(draft: Draft) -> None:
    """Stop what a person has to decide, and what would go to a closed unit: who follows is for the list office."""
    unit = draft.unit
    if unit is not None and not veto(draft) and unit.closed_on is not None:
        draft.stop(NeedsPerson.UNIT_CLOSED, "unit_closed", unit=unit, day=unit.closed_on)


def _chain(area) -> str:
    """Return the area with the ones around it that are loaded, widest first."""
    parent = area.parent if area.parent_id and "parent" in area._state.fields_cache else None
    return f"{parent} › {area}" if parent else str(area)

"""What the rules in force do to a draft: name the item or the unit, ask for a person, raise the urgency, set marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dispatch.choices import NeedsPerson
from dispatch.drafts import Draft
from dispatch.rules.engine import Matched, match_many
from dispatch.rules.outcomes import SEVERITY, Flag
from grid.models import Unit

MARKS = {Flag.SENSITIVE: "is_sensitive", Flag.SECRET: "is_secret", Flag.CALL_BACK: "needs_callback"}


def match_rules(drafts: Sequence[Draft], now: datetime) -> None:
    """Ask the rules about all drafts at once; an item is taken from a rule only where nobody chose one."""
    found = match_many([draft.case for draft in drafts], now)
    for draft in drafts:
        draft.matched = matched = found.get(draft.case.pk, Matched())
        draft.reasons += matched.reasons()
        draft.item_id = draft.item_id or matched.item_id
        draft.marks = _marks(draft, matched)


def apply_rules(drafts: Sequence[Draft]) -> None:
    """Let the rules overrule the list: a unit instead of the list's, a person instead of the machine; one statement."""
    asked = [(draft, draft.matched) for draft in drafts if draft.matched is not None]
    units = Unit.objects.in_bulk({matched.unit_id for _draft, matched in asked if matched.unit_id})
    for draft, matched in asked:
        if matched.problems:
            draft.needs_person, draft.unit = NeedsPerson.RULE_FAILED, None  # the reasons name the rule already
        elif matched.force_person:
            draft.stop(NeedsPerson.RULE, "rule_person", rule=matched.by["person"].rule, note=matched.force_person)
        elif matched.unit_id in units and draft.version is not None:
            draft.unit, draft.needs_person = units[matched.unit_id], ""
            draft.say("rule_unit", rule=matched.by["unit"].rule, unit=draft.unit)


def _marks(draft: Draft, matched: Matched) -> dict:
    """Return the fields of the case that a rule changes; urgency only rises."""
    marks: dict = {MARKS[Flag(flag)]: True for flag in matched.flags if not getattr(draft.case, MARKS[Flag(flag)])}
    if matched.urgency and SEVERITY[matched.urgency] > SEVERITY[draft.case.urgency]:
        marks["urgency"] = matched.urgency
    return marks

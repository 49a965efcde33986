"""What a machine never decides, whatever the duty list says and whatever was earned."""

from __future__ import annotations

from dispatch.choices import NeedsPerson
from dispatch.drafts import Draft
from dutylist.choices import Implementation
from intake.choices import Urgency
from intake.selectors import find_veto


def veto(draft: Draft) -> bool:
    """Stop the draft if a person has to decide; whether it was stopped."""
    case = draft.case
    if draft.marked("urgency") == Urgency.EMERGENCY:
        draft.stop(NeedsPerson.VETO, "veto_emergency")
    elif draft.marked("is_sensitive"):
        draft.stop(NeedsPerson.VETO, "veto_sensitive")
    elif draft.marked("is_secret"):
        draft.stop(NeedsPerson.VETO, "veto_secret")
    elif draft.version is not None and draft.version.implementation == Implementation.CROSS_AREA:
        draft.stop(NeedsPerson.CROSS_DISTRICT, "veto_cross_area")
    elif hint := find_veto(f"{case.title}\n{case.content}"):
        draft.stop(NeedsPerson.MINOR, "veto_minor", words="、".join(hint.words))
    return bool(draft.needs_person)

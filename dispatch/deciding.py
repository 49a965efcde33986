"""How a unit is found: place, duty item, version in force, responsible row. Reads only; writes nothing.

The unit is looked up in the maintained table and never learned (design: dispatch). What the machine may not or cannot
decide goes to a person, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import Duty, duties_for
from grid.models import Unit
from intake.choices import Urgency
from intake.models import Case

from .choices import NeedsPerson
from .reasons import reason


@dataclass
class Draft:
    """A decision not yet written: `unit` is set, or `needs_person` says why not."""

    case: Case
    version: ItemVersion | None = None
    terms: ItemVersion | None = None  # whose time limits hold: the version's, or its local overlay's
    row: Responsibility | None = None
    unit: Unit | None = None
    needs_person: str = ""
    reasons: list[dict] = field(default_factory=list)

    def follow(self, duty: Duty | None) -> Draft:
        """Take over what the list says; None: the item is not in force."""
        if duty is not None:
            self.version, self.terms, self.row = duty.version, duty.terms, duty.row
        return self

    def stop(self, why: str, code: str, **facts) -> Draft:
        """Note that a person is needed, and why."""
        self.needs_person = why
        self.reasons.append(reason(code, ok=False, **facts))
        return self


def decide_many(cases: Sequence[Case], now: datetime) -> list[Draft]:
    """Return a decision for every case (with `area` and `item` loaded), with two queries however many there are."""
    day = timezone.localdate(now)
    duties = duties_for([(case.item_id, case.area) for case in cases if case.item_id and case.area], day)
    return [_decide(case, duties.get((case.item_id, case.area_id))) for case in cases]


def _decide(case: Case, duty: Duty | None) -> Draft:
    draft = Draft(case).follow(duty)
    if case.area is None:
        return draft.stop(NeedsPerson.NO_PLACE, "place_unknown")
    draft.reasons.append(reason("place_found", area=_chain(case.area), source=case.place_source))
    if case.item_id is None:
        return draft.stop(NeedsPerson.NO_ITEM, "item_missing")
    if draft.version is None:
        return draft.stop(NeedsPerson.NO_VERSION, "item_not_in_force", item=case.item)
    draft.reasons.append(
        reason(
            "item_chosen",
            path=draft.version.path_text,
            number=draft.version.number,
            since=draft.version.effective_from,
        )
    )
    if draft.row is None:
        return _gap(draft)
    draft.reasons.append(reason("row_found", area=draft.row.area, unit=draft.row.lead_unit))
    return _veto(case, draft) or _existing_unit(draft)


def _gap(draft: Draft) -> Draft:
    """Tell a hole in the list from a place that is not known precisely enough."""
    case = draft.case
    narrower = Responsibility.objects.filter(version=draft.version.rows_id, area__path__startswith=case.area.path)
    if narrower.exists():
        return draft.stop(NeedsPerson.NO_PLACE, "place_too_wide", area=case.area)
    return draft.stop(NeedsPerson.NO_ROW, "row_missing", area=case.area)


def _veto(case: Case, draft: Draft) -> Draft | None:
    """Send to a person what a machine never decides, whatever the list says."""
    if case.urgency == Urgency.EMERGENCY:
        return draft.stop(NeedsPerson.VETO, "veto_emergency")
    if case.is_sensitive:
        return draft.stop(NeedsPerson.VETO, "veto_sensitive")
    if case.is_secret:
        return draft.stop(NeedsPerson.VETO, "veto_secret")
    return None


def _existing_unit(draft: Draft) -> Draft:
    """Take the row's lead unit, or stop when it is closed: who follows is for a person and the list office."""
    unit = draft.row.lead_unit
    if unit.closed_on is not None:
        return draft.stop(NeedsPerson.UNIT_CLOSED, "unit_closed", unit=unit, day=unit.closed_on)
    draft.unit = unit
    return draft


def _chain(area) -> str:
    """Return the area with the ones around it that are loaded, widest first."""
    parent = area.parent if area.parent_id and "parent" in area._state.fields_cache else None
    return f"{parent} › {area}" if parent else str(area)

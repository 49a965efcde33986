"""How a unit is found: place, duty item, version in force, responsible row. Reads only; writes nothing.

The unit is looked up in the maintained table and never learned (design: dispatch). What the machine may not or cannot
decide goes to a person, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from dutylist import selectors as duties
from dutylist.models import ItemVersion, Responsibility
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
    row: Responsibility | None = None
    unit: Unit | None = None
    needs_person: str = ""
    reasons: list[dict] = field(default_factory=list)

    def stop(self, why: str, code: str, **facts) -> Draft:
        """Note that a person is needed, and why."""
        self.needs_person = why
        self.reasons.append(reason(code, ok=False, **facts))
        return self


def decide_many(cases: Sequence[Case], now: datetime) -> list[Draft]:
    """Return a decision for every case (with `area` and `item` loaded), with two queries however many there are."""
    day = timezone.localdate(now)
    versions = duties.versions_in_force({case.item_id for case in cases if case.item_id}, day)
    rows = duties.responsible_for_many(
        (versions[case.item_id].pk, case.area) for case in cases if case.area_id and case.item_id in versions
    )
    return [_decide(case, versions, rows) for case in cases]


def _decide(case: Case, versions: dict[int, ItemVersion], rows: dict) -> Draft:
    draft = Draft(case)
    if case.area is None:
        return draft.stop(NeedsPerson.NO_PLACE, "place_unknown")
    draft.reasons.append(reason("place_found", area=_chain(case.area), source=case.place_source))
    if case.item_id is None:
        return draft.stop(NeedsPerson.NO_ITEM, "item_missing")
    draft.version = versions.get(case.item_id)
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
    draft.row = rows.get((draft.version.pk, case.area_id))
    if draft.row is None:
        return _gap(draft)
    draft.reasons.append(reason("row_found", area=draft.row.area, unit=draft.row.lead_unit))
    return _veto(case, draft) or _existing_unit(draft)


def _gap(draft: Draft) -> Draft:
    """Tell a hole in the list from a place that is not known precisely enough."""
    case = draft.case
    if draft.version.responsibilities.filter(area__path__startswith=case.area.path).exists():
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

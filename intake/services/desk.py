"""What the dispatch desk changes on a case without moving it: who is accountable, and whether a person must decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F

from dutylist.models import ItemVersion
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import update_objects

from .moves import tell_accepted


def set_holder(
    case: Case, unit: Unit, *, action: str, by: Actor, now: datetime, changes: dict | None = None, note: str = ""
) -> Case:
    """Make `unit` accountable for a locked case; the case stays where it is in its life cycle."""
    case.holder = unit
    case.row_version += 1
    case.save(update_fields=["holder", "row_version"])
    audit.record(action, case, by=by, now=now, changes=changes or {}, note=note)
    return case


def set_due(case: Case, due_at: datetime) -> Case:
    """Write when a locked case is due as a whole, as its clock says; the step that changed the clock is the entry."""
    case.due_at = due_at
    case.row_version += 1
    case.save(update_fields=["due_at", "row_version"])
    return case


def set_holders(
    cases: Sequence[Case],
    holders: Mapping[int, int],
    *,
    action: str,
    by: Actor,
    now: datetime,
    changes: Mapping[int, dict] | None = None,
) -> None:
    """Make units (by case id) accountable for locked cases; who is not named keeps the case, and is told as well."""
    for case in cases:
        case.holder_id = holders.get(case.pk, case.holder_id)
        case.row_version += 1
    update_objects(cases, ["holder", "row_version"])
    audit.record_many([audit.Record(action, case, (changes or {}).get(case.pk, {})) for case in cases], by=by, now=now)


def follow_version(
    cases: Sequence[Case],
    versions: Mapping[int, ItemVersion],
    *,
    action: str,
    by: Actor,
    now: datetime,
    changes: Mapping[int, dict] | None = None,
    notes: Mapping[int, str] | None = None,
) -> None:
    """Put locked cases under other versions of the duty list (by case id, with `item` loaded), and so their items.

    For changes of the list: wherever a case is in its life cycle, it stays there.
    """
    for case in cases:
        case.item_version = versions[case.pk]
        case.item = case.item_version.item
        case.row_version += 1
    update_objects(cases, ["item", "item_version", "row_version"])
    records = [
        audit.Record(action, case, (changes or {}).get(case.pk, {}), (notes or {}).get(case.pk, "")) for case in cases
    ]
    audit.record_many(records, by=by, now=now)


def set_awaits_person(
    cases: Sequence[Case],
    awaits: bool,
    *,
    action: str,
    by: Actor,
    now: datetime,
    changes: Mapping[int, dict] | None = None,
) -> int:
    """Put locked cases on the dispatch desk, or take them off so that the machine looks again; returns how many."""
    ids = [case.pk for case in cases]
    changed = Case.objects.filter(pk__in=ids).update(awaits_person=awaits, row_version=F("row_version") + 1)
    audit.record_many([audit.Record(action, case, (changes or {}).get(case.pk, {})) for case in cases], by=by, now=now)
    if not awaits:
        tell_accepted(ids)
    return changed

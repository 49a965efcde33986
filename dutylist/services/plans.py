"""机构变更: planned, prepared by batches for every list that names the unit, carried out on its day, once.

The units themselves are changed by grid's services; here is what must have happened before. Nothing is carried out
while the list would still name a unit that ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.choices import LineSource, PlanKind, PlanState
from dutylist.cleaning import clean_columns
from dutylist.models import Batch, UnitPlan
from dutylist.selectors.plans import (
    NamingList,
    count_naming,
    find_naming_lists,
    find_obstacles,
    lists_without_batch,
)
from dutylist.workflow import BATCH
from grid import access
from grid import services as grid
from grid.choices import Act
from grid.models import Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused
from shenzhen_gov.core.texts import joined

from .batches import NewBatch, open_batch
from .reowning import reown_items, taken_over

MAY_PLAN = (Act.MANAGE_DUTY.value,)
MOST_PARTS = 10


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """An institutional change to be planned. With `ends` the first part of a split follows the unit, which ends."""

    kind: str
    unit_id: int
    effective_on: date
    into_id: int | None = None
    part_names: tuple[str, ...] = ()
    ends: bool = True
    new_name: str = ""
    document: str = ""


@transaction.atomic
def plan_unit_change(data: NewPlan, *, by: Actor, now: datetime) -> UnitPlan:
    """Plan a change of a unit. The parts of a split are set up at once, so that the list can name them.

    Raises BadInput naming the field; OutOfSight or NotAllowed for a unit whose lists one does not manage.
    """
    unit = _lock_unit(data.unit_id, "unit", by)
    _check(data, unit, now)
    into = _lock_unit(data.into_id, "into", by) if data.into_id is not None else None
    _check_successor(data.kind, unit, into)
    parts = _set_up_parts(data, unit, now) if data.kind == PlanKind.SPLIT else []
    plan = UnitPlan(
        unit=unit, into=parts[0] if parts and data.ends else into, parts=[part.code for part in parts],
        created_at=now, created_by=by.user, effective_on=data.effective_on,
        **clean_columns(UnitPlan, {"kind": data.kind, "new_name": data.new_name, "document": data.document}),
    )  # fmt: skip
    plan.save(force_insert=True)
    facts = {"kind": plan.kind, "unit": unit.name, "into": str(plan.into or ""), "day": str(plan.effective_on)}
    audit.record("unit_plan.created", plan, by=by, now=now, changes=facts, note=plan.document)
    return plan


@transaction.atomic
def prepare_batches(plan_id: int, *, by: Actor, now: datetime) -> list[Batch]:
    """Open a batch with transfer lines for every list that names the unit and that `by` may change.

    A list for which a batch of the plan is on its way is left alone. Raises Refused when there is nothing to prepare.
    """
    plan = _begin(plan_id, by)
    lists = lists_without_batch(plan, find_naming_lists(plan.unit_id), list(plan.batches.all()))
    if not lists:
        raise Refused(_("No list names %(unit)s without a batch on its way.") % {"unit": plan.unit})
    mine = [one for one in lists if access.why_not(by, BATCH.moves["edit"].acts, one.area) is None]
    if not mine:
        names = joined(str(one.area) for one in lists)
        raise Refused(_("Those lists are not yours to change: %(lists)s.") % {"lists": names})
    batches = [_prepare(plan, one, by=by, now=now) for one in mine]
    plan.batches.add(*batches)
    for batch in batches:
        audit.record("unit_plan.batch_prepared", plan, by=by, now=now, changes={"batch": batch.number})
    return batches


@transaction.atomic
def cancel_plan(plan_id: int, *, by: Actor, now: datetime) -> UnitPlan:
    """Give a plan up; the parts of a split are closed again. Refused while the list names one of them."""
    plan = _begin(plan_id, by)
    parts = list(Unit.objects.filter(code__in=plan.parts, closed_on=None))
    day = timezone.localdate(now)
    if count := count_naming([part.pk for part in parts], day):
        raise Refused(_("%(count)s items name the parts already; give them back first.") % {"count": count})
    for part in parts:
        grid.close_unit(part.pk, plan.unit_id, day, by=_SYSTEM, now=now, document=plan.document)
    plan.state = PlanState.CANCELLED
    _save(plan, "state")
    audit.record("unit_plan.cancelled", plan, by=by, now=now)
    return plan


def carry_out_due(*, by: Actor, now: datetime) -> int:
    """Carry out every plan whose day has come, each in a transaction of its own; returns how many were done.

    What stands in the way is noted with the plan, which is looked at again at the next call.
    """
    due = list(UnitPlan.objects.due(timezone.localdate(now)).values_list("pk", flat=True))
    return sum(_carry_out(plan_id, by=by, now=now) for plan_id in due)


@transaction.atomic
def _carry_out(plan_id: int, *, by: Actor, now: datetime) -> bool:
    plans = UnitPlan.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit", "into")
    plan = plans.filter(pk=plan_id, state=PlanState.PLANNED).first()
    if plan is None:
        return False
    try:
        if obstacles := find_obstacles(plan):
            raise Refused(" ".join(obstacles))
        with transaction.atomic():
            _change_unit(plan, by, now)
    except Refused as refusal:
        _note_problem(plan, str(refusal), by, now)
        return False
    plan.state, plan.done_at, plan.problem = PlanState.DONE, now, ""
    _save(plan, "state", "done_at", "problem")
    audit.record("unit_plan.done", plan, by=by, now=now)
    return True


def _change_unit(plan: UnitPlan, by: Actor, now: datetime) -> None:
    """Let grid change the unit; on the day planned, or today where something stood in the way that day."""
    late = bool(plan.problem) and plan.kind != PlanKind.RENAME
    day = timezone.localdate(now) if late else plan.effective_on
    given: dict[str, Any] = {"by": by, "now": now, "document": plan.document}
    into_id = plan.into_id or 0  # of a merge and a closing the database knows that there is one
    if plan.kind == PlanKind.RENAME:
        grid.rename_unit(plan.unit_id, plan.new_name, day, **given)
    elif plan.kind == PlanKind.MERGE:
        grid.merge_units(plan.unit_id, into_id, day, **given)
    elif plan.kind == PlanKind.SPLIT:
        grid.split_unit(plan.unit_id, plan.parts, day, heir=plan.into.code if plan.into else "", **given)
    else:
        grid.close_unit(plan.unit_id, into_id, day, **given)


def _note_problem(plan: UnitPlan, problem: str, by: Actor, now: datetime) -> None:
    """Keep why the plan was not carried out; said once, not every minute."""
    if plan.problem == problem:
        return
    plan.problem = problem
    _save(plan, "problem")
    audit.record("unit_plan.failed", plan, by=by, now=now, note=problem)


def _prepare(plan: UnitPlan, naming: NamingList, *, by: Actor, now: datetime) -> Batch:
    day = max(plan.effective_on, timezone.localdate(now))
    data = NewBatch(
        title=_("Institutional change: %(plan)s") % {"plan": plan.unit}, reason=str(plan), document=plan.document,
        owner_area_id=naming.area.pk, proposing_unit_id=plan.unit_id, effective_on=day,
    )  # fmt: skip
    batch = open_batch(data, by=by, now=now)
    reown = taken_over({plan.unit_id: plan.into_id or 0})
    return reown_items(batch.pk, naming.versions, reown, LineSource.INSTITUTION, by=by, now=now)


def _begin(plan_id: int, by: Actor) -> UnitPlan:
    plans = UnitPlan.objects.select_for_update(of=("self",)).select_related("unit", "into")
    plan = plans.filter(pk=plan_id).first()
    if plan is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_PLAN, plan)
    if plan.state != PlanState.PLANNED:
        raise IllegalMove(_("The plan is “%(state)s” already.") % {"state": plan.get_state_display()})
    return plan


def _lock_unit(unit_id: int, field: str, by: Actor) -> Unit:
    unit = Unit.objects.select_for_update(no_key=True, of=("self",)).select_related("home_area", "parent")
    found = unit.filter(pk=unit_id).first()
    if found is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_PLAN, found)
    if found.closed_on:
        text = _("%(unit)s is closed since %(day)s.")
        raise BadInput(text % {"unit": found, "day": found.closed_on}, field=field)
    return found


def _check(data: NewPlan, unit: Unit, now: datetime) -> None:
    if data.kind not in PlanKind.values:
        raise BadInput(_("Choose what is planned."), field="kind")
    if data.effective_on < timezone.localdate(now):
        raise BadInput(_("A plan is for today or later."), field="effective_on")
    if UnitPlan.objects.filter(unit=unit, state=PlanState.PLANNED).exists():
        raise BadInput(_("Another change of %(unit)s is planned already.") % {"unit": unit}, field="unit")
    if data.kind == PlanKind.RENAME and data.new_name.strip() in ("", unit.name):
        raise BadInput(_("Enter the new name."), field="new_name")
    least = 2 if data.ends else 1
    if data.kind == PlanKind.SPLIT and not least <= len(set(data.part_names)) <= MOST_PARTS:
        text = _("Name %(least)s to %(most)s different parts, one a line.")
        raise BadInput(text % {"least": least, "most": MOST_PARTS}, field="part_names")


def _check_successor(kind: str, unit: Unit, into: Unit | None) -> None:
    """Raise BadInput unless a merge or closing names another unit that does not lie below the one that ends."""
    if kind not in (PlanKind.MERGE, PlanKind.CLOSE):
        return
    if into is None:
        raise BadInput(_("Somebody must do its work: name the successor."), field="into")
    if into.path.startswith(unit.path):
        raise BadInput(_("The successor must be another unit, not below this one."), field="into")


def _set_up_parts(data: NewPlan, unit: Unit, now: datetime) -> list[Unit]:
    """Set the parts up beside the unit, of its kind and function, from today on."""
    taken = Unit.objects.filter(code__startswith=f"{unit.code}-").count()
    rows = [
        grid.NewUnit(
            code=f"{unit.code}-{taken + number}", function=unit.function, kind=unit.kind, level=unit.level, name=name,
            parent=unit.parent.code if unit.parent else "", home_area=unit.home_area.code,
            opened_on=timezone.localdate(now),
        )
        for number, name in enumerate(dict.fromkeys(data.part_names), 1)
    ]  # fmt: skip
    try:
        return grid.create_units(rows, by=_SYSTEM, now=now, document=data.document)
    except BadInput as refusal:
        raise BadInput(refusal.text, field="part_names") from refusal


def _save(plan: UnitPlan, *columns: str) -> None:
    plan.row_version += 1
    plan.save(update_fields=[*columns, "row_version"])


_SYSTEM = Actor.system("unit_plan")  # grid asks for an administrator; planning asked for the list office's act

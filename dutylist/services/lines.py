"""Entering lines into a draft: all or nothing, however many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.choices import LineKind, LineSource, OpenCasePolicy
from dutylist.cleaning import clean_value, reason_of
from dutylist.lines.ground import Ground
from dutylist.lines.input import LineFault, LineFaults, LinesSet, NewLine
from dutylist.lines.rows import ids_of
from dutylist.lines.rules import LineRules
from dutylist.models import Batch, BatchLine
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in
from shenzhen_gov.core.exceptions import BadInput, Refused

from .steps import begin, save

WRITTEN = ["kind", "item", "narrows", "before", "after", "name", "policy", "note", "source", "entered_by", "entered_at"]
SAID = ("kind", "item_id", "narrows_id", "before_id", "after", "policy", "note")  # what a line says, not who entered it


@transaction.atomic
def set_lines(
    batch_id: int,
    lines: Sequence[NewLine],
    *,
    source: str = LineSource.FORM,
    overwrite: bool = False,
    by: Actor,
    now: datetime,
) -> LinesSet:
    """Enter lines into a draft; with `overwrite` they replace what the batch says of the same items.

    Raises LineFaults with every fault of every line, and takes nothing over then.
    """
    batch, lines = _begin_edit(batch_id, by), list(lines)
    _refuse_bad_shape(lines, source)
    ground = ground_of(batch, lines, now)
    rules = LineRules(ground, lines, overwrite=overwrite)
    judged = [rules.judge(index, line) for index, line in enumerate(lines)]
    if rules.faults:
        raise LineFaults(rules.faults)
    fresh = [line for line in judged if line and not _says_the_same(ground.lines.get(line.code), line)]
    position = max((line.position for line in ground.lines.values()), default=0)
    for line in fresh:
        there = ground.lines.get(line.code)
        position += there is None
        line.position = there.position if there else position
        line.source, line.entered_by, line.entered_at = source, by.user, now
    _store(fresh, known=ground.lines.keys())
    done = LinesSet(
        added=sum(line.code not in ground.lines for line in fresh),
        changed=sum(line.code in ground.lines for line in fresh),
        unchanged=len(lines) - len(fresh),
    )
    if fresh:
        changes = {"added": done.added, "changed": done.changed, "source": source}
        _tell(batch, "batch.lines_set", changes, by, now)
    return done


@transaction.atomic
def remove_lines(batch_id: int, codes: Iterable[str], *, by: Actor, now: datetime) -> int:
    """Take lines out of a draft; returns how many."""
    batch = _begin_edit(batch_id, by)
    found = batch.lines.filter(code__in=_storable(codes))
    removed = sorted(found.values_list("code", flat=True))
    found.delete()
    if removed:
        _tell(batch, "batch.line_removed", {"codes": removed}, by, now)
    return len(removed)


@transaction.atomic
def set_policy(batch_id: int, codes: Iterable[str], policy: str, *, by: Actor, now: datetime) -> int:
    """Say what happens to the open cases of these lines; returns how many lines changed."""
    batch = _begin_edit(batch_id, by)
    if policy not in OpenCasePolicy.values:
        raise BadInput(_("Choose what happens to the open cases."), field="policy")
    codes = _storable(codes)
    changed = batch.lines.filter(code__in=codes).exclude(policy=policy).update(policy=policy)
    if changed:
        _tell(batch, "batch.lines_set", {"policy": policy, "codes": sorted(codes)}, by, now)
    return changed


def ground_of(batch: Batch, lines: Sequence[NewLine], now: datetime) -> Ground:
    """Return what these lines are judged against."""
    today, named = timezone.localdate(now), [ids_of(line.changes.get("rows")) for line in lines]
    return Ground(
        batch=batch,
        on=max(batch.effective_on or today, today),
        codes={code for line in lines for code in (line.code, line.narrows, *line.successors) if code},
        area_ids={area for areas, _units in named for area in areas},
        unit_ids={unit for _areas, units in named for unit in units},
        names={str(line.changes.get("name", "")).strip() for line in lines if line.kind == LineKind.ADD},
        with_rows={line.code for line in lines if line.changes.get("rows") is not None},
    )


def _begin_edit(batch_id: int, by: Actor) -> Batch:
    batch = begin(batch_id, "edit", by=by)
    if batch.reverses_id:
        raise Refused(_("The lines of a rollback are the inverse of the batch; they are not edited."))
    return batch


def _refuse_bad_shape(lines: Sequence[NewLine], source: str) -> None:
    """Raise LineFaults for lines that are not worth looking up: a kind or a code that cannot be."""
    if source not in LineSource.values:
        raise BadInput(_("“%(value)s” is not one of: %(choices)s.") % {"value": source, "choices": LineSource.values})
    faults = []
    for index, line in enumerate(lines):
        if line.kind not in LineKind.values:
            faults.append(
                LineFault(line.code, "kind", _("“%(value)s” is no kind of line.") % {"value": line.kind}, index)
            )
        for field, codes in (("code", [line.code]), ("narrows", [line.narrows]), ("successors", line.successors)):
            faults += [
                LineFault(line.code, field, reason, index)
                for code in codes
                if (code or field == "code") and (reason := _why_no_code(code))
            ]
    if faults:
        raise LineFaults(faults)


def _why_no_code(code: str) -> str:
    try:
        clean_value(BatchLine._meta.get_field("code"), code)
    except ValidationError as error:
        return reason_of(error)
    return "" if code == code.strip() else _("There are spaces around the code.")


def _storable(codes: Iterable[str]) -> set[str]:
    return {code for code in codes if not _why_no_code(code)}


def _says_the_same(there: BatchLine | None, line: BatchLine) -> bool:
    return there is not None and all(getattr(there, name) == getattr(line, name) for name in SAID)


def _store(lines: list[BatchLine], known: Collection[str]) -> None:
    """Copy new lines in, for contents are large; replace those the batch has. The batch is locked by the caller."""
    columns = [field.attname for field in BatchLine._meta.concrete_fields if not field.primary_key]
    fresh = [line for line in lines if line.code not in known]
    copy_in(BatchLine, ({name: getattr(line, name) for name in columns} for line in fresh))
    BatchLine.objects.bulk_create(
        [line for line in lines if line.code in known],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["batch", "code"],
        update_fields=WRITTEN,
    )


def _tell(batch: Batch, action: str, changes: dict, by: Actor, now: datetime) -> None:
    """Count the change of the lines and record it."""
    batch.content_number += 1
    batch.problem = ""
    save(batch, "content_number", "problem")
    audit.record(action, batch, by=by, now=now, changes={"content": batch.content_number} | changes)

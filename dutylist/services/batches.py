"""The life of a batch up to its approval: open, change, submit, review, send back, take back, discard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.cleaning import clean_columns
from dutylist.gate import hands_of
from dutylist.models import Batch
from dutylist.workflow import BATCH
from grid import access
from grid.choices import Level
from grid.models import Area, Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight
from shenzhen_gov.core.texts import joined

from .steps import begin, clean_opinion, lock, save, take

CHANGEABLE = ("title", "reason", "document", "proposing_unit_id", "effective_on")


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """A batch to be opened; `owner_area_id` says whose list it changes."""

    title: str
    reason: str = ""
    document: str = ""
    owner_area_id: int
    proposing_unit_id: int | None = None
    effective_on: date | None = None


@transaction.atomic
def open_batch(data: NewBatch, *, by: Actor, now: datetime) -> Batch:
    """Open an empty draft. Raises BadInput naming the field, OutOfSight or NotAllowed for the list."""
    area = Area.objects.filter(pk=data.owner_area_id).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    access.require(by, BATCH.moves["edit"].acts, area)
    if area.level > Level.SUBDISTRICT:
        raise BadInput(_("Only the city, districts and subdistricts have a list."), field="owner_area_id")
    batch = Batch(owner_area=area, created_at=now, created_by=by.user)
    _fill(batch, {name: getattr(data, name) for name in CHANGEABLE}, now)
    batch.number = next_number(area, now)
    batch.save(force_insert=True)
    audit.record("batch.created", batch, by=by, now=now, changes={"title": batch.title})
    return batch


@transaction.atomic
def change_batch(batch_id: int, *, row_version: int | None = None, by: Actor, now: datetime, **fields: Any) -> Batch:
    """Change what is said about a draft: title, reason, document, proposing_unit_id, effective_on."""
    batch = begin(batch_id, "edit", by=by, row_version=row_version)
    if unknown := fields.keys() - set(CHANGEABLE):
        raise BadInput(_("Unknown: %(names)s.") % {"names": joined(sorted(unknown))}, field=min(unknown))
    before = {name: getattr(batch, name) for name in fields}
    if fields.get("effective_on") == batch.effective_on:
        fields.pop("effective_on", None)  # a day that has passed since is left to whoever chooses a new one
    _fill(batch, fields, now)
    changes = {name: [_plain(old), _plain(getattr(batch, name))] for name, old in before.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if "effective_on" in changes:
        batch.content_number += 1  # what was computed for another day says nothing about this one
    save(batch, *CHANGEABLE, "content_number")
    audit.record("batch.changed", batch, by=by, now=now, changes=changes)
    return batch


@transaction.atomic
def submit(batch_id: int, *, row_version: int | None = None, by: Actor, now: datetime) -> Batch:
    """草稿 → 待预审. The lines are fixed from here on."""
    batch = begin(batch_id, "submit", by=by, row_version=row_version)
    batch.problem = ""
    return take(batch, "submit", "batch.submitted", "problem", by=by, now=now)


@transaction.atomic
def pre_approve(
    batch_id: int, opinion: str = "", *, row_version: int | None = None, by: Actor, now: datetime
) -> Batch:  # fmt: skip
    """待预审 → 待审核, by somebody who entered nothing of it."""
    batch = begin(batch_id, "pre_approve", by=by, row_version=row_version)
    refuse_own_hand(batch, by)
    return take(batch, "pre_approve", "batch.pre_approved", by=by, now=now, note=clean_opinion(opinion))


@transaction.atomic
def send_back(batch_id: int, opinion: str, *, row_version: int | None = None, by: Actor, now: datetime) -> Batch:
    """不通过: back to the editors with an opinion."""
    batch = begin(batch_id, "send_back", by=by, row_version=row_version)
    note = clean_opinion(opinion, needed=True)
    return take(batch, "send_back", "batch.sent_back", by=by, now=now, note=note)


@transaction.atomic
def take_back(batch_id: int, *, row_version: int | None = None, by: Actor, now: datetime) -> Batch:
    """撤回: the editors fetch it back, also when it is approved and its day has not come."""
    batch = begin(batch_id, "take_back", by=by, row_version=row_version)
    batch.override = ""
    return take(batch, "take_back", "batch.taken_back", "override", by=by, now=now)


@transaction.atomic
def discard(batch_id: int, *, row_version: int | None = None, by: Actor, now: datetime) -> Batch:
    """Give a draft up. An inverse batch lets go of what it was to reverse, so that a rollback may be asked for anew."""
    batch = begin(batch_id, "discard", by=by, row_version=row_version)
    changes = {"reversed": batch.reverses.number} if batch.reverses else {}
    batch.reverses = None
    return take(batch, "discard", "batch.discarded", "reverses", by=by, now=now, changes=changes)


def next_number(area: Area, now: datetime) -> str:
    """Return the next number of the year, e.g. 2026-18 for the city and 2026-440309-03 for a district.

    Held by a lock to the end of the transaction, so that no two batches get the same one.
    """
    year = timezone.localdate(now).year
    lock("dutylist_batch", area.pk, year)
    prefix = f"{year}-" if area.parent_id is None else f"{year}-{area.code}-"
    numbers = Batch.objects.filter(owner_area=area, number__startswith=prefix).values_list("number", flat=True)
    taken = [int(tail) for number in numbers if (tail := number.removeprefix(prefix)).isdecimal()]
    return f"{prefix}{max(taken, default=0) + 1:02d}"


def refuse_own_hand(batch: Batch, by: Actor) -> None:
    """Four eyes: raise NotAllowed when `by` opened the batch or entered a line of it."""
    if by.user is not None and by.user.pk in hands_of(batch):
        raise NotAllowed(_("You entered part of this batch; somebody else has to approve it."))


def _fill(batch: Batch, fields: dict[str, Any], now: datetime) -> None:
    """Set the fields after checking them. Raises BadInput naming the field."""
    unit_id = fields.get("proposing_unit_id")
    if unit_id is not None and not Unit.objects.filter(pk=unit_id).exists():
        raise BadInput(_("There is no such unit."), field="proposing_unit_id")
    texts = {name: value for name, value in fields.items() if name != "proposing_unit_id"}
    cleaned = clean_columns(Batch, texts)
    day = cleaned.get("effective_on")
    if day is not None and day < timezone.localdate(now):
        raise BadInput(_("A batch takes effect today or later, never for the past."), field="effective_on")
    for name, value in ({**fields} | cleaned).items():
        setattr(batch, name, value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

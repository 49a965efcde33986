"""Writing the audit log. See models/audit.py for what a row promises and migration 0002_audit_chain for the chain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.db import connection
from django.utils.functional import Promise

from .actor import Actor
from .bulk import copy_in
from .models import AuditEntry

# action code -> text shown; every app registers its own in choices.py
ACTIONS: dict[str, str | Promise] = {}


def register(actions: dict[str, str | Promise]) -> None:
    """Add an app's actions; the same code twice is a mistake."""
    if doubled := ACTIONS.keys() & actions.keys():
        raise ValueError(f"audit actions registered twice: {sorted(doubled)}")
    ACTIONS.update(actions)


class Recorded(Protocol):
    """What an entry is about: a saved object of a model, or what stands for one."""

    _meta: ClassVar[Any]

    @property
    def pk(self) -> Any:
        """Return its key."""


@dataclass(frozen=True)
class Record:
    """One entry to be written; `changes` is {field: [before, after]} or any plain facts of the step."""

    action: str
    obj: Recorded
    changes: dict = field(default_factory=dict)
    note: str = ""


def record(
    action: str, obj: Recorded, *, by: Actor, now: datetime, changes: dict | None = None, note: str = ""
) -> None:
    """Write one entry in the current transaction. Raises for an unregistered action or outside a transaction."""
    record_many([Record(action, obj, changes or {}, note)], by=by, now=now)


def record_many(records: Iterable[Record], *, by: Actor, now: datetime) -> None:
    """Write many entries with one statement; entries about the same object are chained in the order given.

    They are written object by object, so that two writers wait for each other's chains in the same order.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs in the transaction of the change it describes")
    rows = sorted((_row(item, by, now) for item in records), key=lambda row: (row["object_type"], row["object_id"]))
    copy_in(AuditEntry, rows)  # half the cost of bulk_create, for one entry as for hundreds


def _row(item: Record, by: Actor, now: datetime) -> dict:
    if item.action not in ACTIONS:
        raise ValueError(f"unregistered audit action {item.action!r}")
    if item.obj.pk is None:
        raise ValueError(f"{item.action}: the object was not saved")
    return {
        "at": now,
        "action": item.action,
        "object_type": item.obj._meta.label_lower,
        "object_id": item.obj.pk,
        "object_text": str(item.obj)[:120],
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name[:120],
        "changes": item.changes,
        "note": item.note,
    }

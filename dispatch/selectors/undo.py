"""What the person at the desk did last and may still take back (services/taking_back.py decides)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from dispatch.models import Report, WorkOrder
from intake.models import Case
from shenzhen_gov.core.actor import STAFF, Actor
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.parameters import get_parameter

UNDOABLE = ("work_order.signed", "work_order.handed_down", "work_order.reported")
QUIET = ("case.attachment_added",)  # the pictures of a report are entries of their own
MOST = 60  # entries looked at: a page of work orders signed together, and a few


@dataclass(frozen=True)
class Undo:
    """The last step of somebody, on one or several work orders, and until when it may be taken back."""

    action: str
    ids: list[int]
    numbers: list[str]
    until: datetime
    now: datetime

    @property
    def seconds(self) -> int:
        """Return how many seconds are left."""
        return max(0, int((self.until - self.now).total_seconds()))


def last_entry(case: Case) -> AuditEntry | None:
    """Return the last thing that happened to a case."""
    rows = AuditEntry.objects.filter(object_type=case._meta.label_lower, object_id=case.pk)
    return rows.exclude(action__in=QUIET).order_by("-seq").first()


def undo_until(entry: AuditEntry) -> datetime:
    """Return until when a step may be taken back."""
    return entry.at + timedelta(seconds=int(get_parameter("undo.seconds", timezone.localdate(entry.at))))


def find_undoable(entry: AuditEntry | None, by: Actor, now: datetime) -> datetime | None:
    """Return until when `by` may take back what the last entry of a case tells; None when there is nothing to."""
    if entry is None or entry.action not in UNDOABLE or (entry.actor_kind, entry.actor_id) != (by.kind, by.id):
        return None
    until = undo_until(entry)
    return until if now < until else None


def get_last_undo(user, now: datetime) -> Undo | None:
    """Return what `user` did last, wherever it was; what was done together is taken back together."""
    latest = list(AuditEntry.objects.filter(actor_id=user.pk, actor_kind=STAFF).order_by("-id")[:MOST])
    steps = [entry for entry in latest if entry.action not in QUIET]
    until = find_undoable(steps[0], Actor.staff(user), now) if steps else None
    if until is None:
        return None
    same = [entry for entry in steps if (entry.action, entry.at) == (steps[0].action, steps[0].at)]
    return _undo(same, until, now)


def get_undo_of_case(case: Case, entries: list[AuditEntry], orders: list[WorkOrder], by: Actor, now: datetime):
    """Return what `by` may take back on a case whose page has read its entries and work orders; asks nothing."""
    last = entries[-1] if entries else None
    until = find_undoable(last, by, now)
    found = [row for row in orders if last and f"{case.number}-{row.seq:02d}" == last.changes.get("work_order")]
    if until is None or last is None or not found:
        return None
    return Undo(last.action, [found[0].pk], [f"{case.number}-{found[0].seq:02d}"], until, now)


def _undo(entries: list[AuditEntry], until: datetime, now: datetime) -> Undo | None:
    numbers = {entry.changes.get("work_order") for entry in entries}
    orders = WorkOrder.objects.filter(case__in=[entry.object_id for entry in entries]).select_related("case")
    found = [row for row in orders.order_by("pk") if row.number in numbers]
    if not found:
        return None
    return Undo(entries[0].action, [row.pk for row in found], [row.number for row in found], until, now)


def text_taken_back(order: WorkOrder) -> str:
    """Return what the last report said, where it was taken back, so that nobody writes it a second time."""
    last = Report.everything.filter(work_order=order).order_by("-pk").first()
    return last.text if last and last.taken_back_at else ""

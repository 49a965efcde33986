"""What a draft of the duty list would do with cases: open ones counted, past ones replayed; kept with the batch."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ReplayState
from dispatch.models import BatchReplay
from dispatch.replaying import replay
from dispatch.selectors.list_changes import CASES, REPLAY, count_open_cases, replay_job
from dutylist.models import Batch, BatchPreview
from dutylist.services import keep_preview
from dutylist.workflow import ENTER, FIRST, MANAGE
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused
from shenzhen_gov.core.jobs import run_job

MAY_PREVIEW = (ENTER, FIRST, MANAGE)
LONGEST = timedelta(days=3 * 366)


def count_cases(batch_id: int, *, by: Actor, now: datetime) -> BatchPreview:
    """Count the open cases that the lines concern, and keep the figures with the batch."""
    batch = _batch_for(batch_id, by)
    figures = count_open_cases(batch, timezone.localdate(now))
    return keep_preview(batch.pk, CASES, figures, content_number=batch.content_number, by=by, now=now)


@transaction.atomic
def ask_replay(batch_id: int, *, first: date, last: date, by: Actor, now: datetime) -> BatchReplay:
    """Ask for a replay of the cases closed from `first` to `last`; a worker takes it up. Asked again, the newest holds.

    Raises BadInput naming the field for days that make no sense.
    """
    batch = _batch_for(batch_id, by)
    if first > last:
        raise BadInput(_("The first day is after the last one."), field="first")
    if last > timezone.localdate(now):
        raise BadInput(_("There are no cases of the future."), field="last")
    if last - first > LONGEST:
        raise BadInput(_("At most three years can be replayed at once."), field="first")
    asked = {
        "state": ReplayState.ASKED, "first_day": first, "last_day": last, "asked_at": now,
        "asked_by": by.name[:120], "problem": "",
    }  # fmt: skip
    there = BatchReplay.objects.filter(batch=batch)
    if there.exists() and not there.select_for_update(skip_locked=True).exists():
        raise Refused(_("A replay of this batch is being made; wait until it is ready."))
    found, _created = BatchReplay.objects.update_or_create(batch=batch, defaults=asked)
    audit.record("batch.replay_asked", batch, by=by, now=now, changes={"from": str(first), "to": str(last)})
    return found


def run_replay(*, by: Actor, now: datetime) -> bool:
    """Make the replay that has waited longest; returns whether there was one. A killed one is found again."""
    asked = BatchReplay.objects.filter(state=ReplayState.ASKED).select_related("batch").order_by("asked_at").first()
    if asked is None:
        return False
    try:
        with run_job(replay_job(asked.batch), by=by, now=now, quiet=True) as job, transaction.atomic():
            return _replay_locked(asked.pk, job, by, now)
    except Exception as error:
        failed = BatchReplay.objects.filter(pk=asked.pk, asked_at=asked.asked_at)
        failed.update(state=ReplayState.FAILED, problem=f"{type(error).__name__}: {error}"[:2000])
        raise


def _replay_locked(replay_id: int, job, by: Actor, now: datetime) -> bool:
    """Make one replay while its row is locked, so that no other worker makes it too."""
    rows = BatchReplay.objects.filter(pk=replay_id, state=ReplayState.ASKED).select_related("batch__owner_area")
    row = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return False
    batch = row.batch
    figures = replay(batch, row.first_day, row.last_day, on=timezone.localdate(now), progress=job.progress)
    keep_preview(batch.pk, REPLAY, figures, content_number=batch.content_number, by=by, now=now)
    job.result = {name: figures[name] for name in ("cases", "agreement_before", "agreement_after", "moved")}
    row.state = ReplayState.DONE
    row.save(update_fields=["state"])
    return True


def _batch_for(batch_id: int, by: Actor) -> Batch:
    """Return the batch, or refuse: unknown, out of sight, or without a role at its list."""
    batch = Batch.objects.select_related("owner_area").filter(pk=batch_id).first()
    if batch is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_PREVIEW, batch)
    return batch

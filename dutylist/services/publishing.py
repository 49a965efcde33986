"""发布: the lines of an approved batch become versions, in one transaction, set-based, one batch at a time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.choices import ENDING
from dutylist.models import Batch, BatchLine, ItemVersion
from dutylist.signals import batch_published
from dutylist.workflow import SCHEDULED
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .batches import refuse_own_hand
from .overtaken import refuse_overtaken
from .steps import begin, lock_publishing, take
from .versions import write_versions

logger = logging.getLogger(__name__)
POINT_TO_VERSIONS = """
UPDATE dutylist_batchline AS line SET published_id = v.version
  FROM unnest(%s::bigint[], %s::bigint[]) AS v(line, version)
 WHERE line.id = v.line
"""


@dataclass(frozen=True)
class Published:
    """What publishing did: items added, changed (or restored) and ended."""

    batch: Batch
    added: int
    changed: int
    ended: int


@transaction.atomic
def publish_batch(batch_id: int, *, by: Actor, now: datetime) -> Published:
    """Publish an approved batch whose day has come. All of it or nothing.

    Raises Refused, naming the items, when another batch changed them since the lines were entered, or when a unit
    closed meanwhile; and when the day has not come yet.
    """
    batch = begin(batch_id, "publish", by=by)
    refuse_own_hand(batch, by)
    return publish_locked(batch, by=by, now=now)


def publish_due(*, by: Actor, now: datetime) -> int:
    """Publish every approved batch whose day has come; returns how many were. Safe to run twice at the same time.

    A batch that cannot be published goes back to its reviewers with the reason and holds up no other.
    """
    due = list(Batch.objects.due(timezone.localdate(now)).values_list("pk", flat=True))
    return sum(_publish_one(batch_id, by, now) for batch_id in due)


def publish_locked(batch: Batch, *, by: Actor, now: datetime) -> Published:
    """Publish a batch that the caller has locked and asked for; see `publish_batch`."""
    today = timezone.localdate(now)
    _refuse_too_early(batch, today)
    lock_publishing()
    lines = list(batch.lines.select_related("item__narrows", "before", "narrows"))
    refuse_overtaken(batch, lines, today)
    versions = write_versions(batch, lines, today, now)
    _point_to(versions)
    _tell_versions(batch, versions, by, now)
    batch.published_at, batch.problem = now, ""
    _reverse(batch, by, now)
    counts = _counts(lines)
    take(batch, "publish", "batch.published", "published_at", "problem", by=by, now=now, changes=counts)
    transaction.on_commit(partial(batch_published.send_robust, sender=Batch, batch_id=batch.pk))
    return Published(batch, **counts)


def _publish_one(batch_id: int, by: Actor, now: datetime) -> bool:
    """Publish one due batch unless somebody else is at it; returns whether it was."""
    try:
        with transaction.atomic():
            if not Batch.objects.select_for_update(skip_locked=True, of=("self",)).due(
                timezone.localdate(now)
            ).filter(pk=batch_id).exists():  # fmt: skip
                return False
            publish_batch(batch_id, by=by, now=now)
            return True
    except Refused as refusal:
        _hold_up(batch_id, str(refusal), by, now)
    except OperationalError:  # the database is away, not the batch at fault: the next sweep tries again
        raise
    except Exception:
        logger.exception("batch %s could not be published", batch_id)
        _hold_up(batch_id, _("The list changed in a way that contradicts this batch; check its lines."), by, now)
    return False


@transaction.atomic
def _hold_up(batch_id: int, problem: str, by: Actor, now: datetime) -> None:
    """Give a batch that cannot be published back to its reviewers, with the reason."""
    if not Batch.objects.select_for_update().filter(pk=batch_id, state=SCHEDULED).exists():
        return  # somebody took it back at this moment
    batch = begin(batch_id, "hold_up", by=by)
    batch.problem, batch.override = problem, ""
    take(batch, "hold_up", "batch.publishing_failed", "problem", "override", by=by, now=now, note=problem)


def _refuse_too_early(batch: Batch, today: date) -> None:
    if batch.effective_on is None:
        raise Refused(_("The batch has no date from which it holds."), field="effective_on")
    if batch.effective_on > today:
        raise Refused(
            _("The batch takes effect on %(day)s; it is published then.") % {"day": batch.effective_on},
            field="effective_on",
        )


def _point_to(versions: dict[BatchLine, ItemVersion]) -> None:
    """Let every line point to the version it became, with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(POINT_TO_VERSIONS, [[line.pk for line in versions], [v.pk for v in versions.values()]])


def _tell_versions(batch: Batch, versions: dict[BatchLine, ItemVersion], by: Actor, now: datetime) -> None:
    audit.record_many(
        (
            audit.Record(
                "item.retired" if version.is_retired else "item.version_published",
                version,
                {"code": line.code, "batch": batch.number, "kind": line.kind},
            )
            for line, version in versions.items()
        ),
        by=by,
        now=now,
    )


def _reverse(batch: Batch, by: Actor, now: datetime) -> None:
    """Mark the batch that an inverse batch takes back."""
    if batch.reverses_id is None:
        return
    original = begin(batch.reverses_id, "roll_back", by=by)
    take(original, "roll_back", "batch.rolled_back", by=by, now=now, changes={"by_batch": batch.number})


def _counts(lines: list[BatchLine]) -> dict[str, int]:
    ended = sum(line.kind in ENDING for line in lines)
    added = sum(line.before_id is None for line in lines)
    return {"added": added, "changed": len(lines) - ended - added, "ended": ended}

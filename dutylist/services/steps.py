"""What every step of a batch shares: lock, ask, check, save, tell.

Locks are taken in this order: the batch, then the one lock of publishing, then the batch an inverse batch reverses.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from dutylist.models import Batch
from dutylist.workflow import BATCH
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, StalePage

from . import needs  # noqa: F401  registers the needs of the moves


def begin(batch_id: int, move: str, *, by: Actor, row_version: int | None = None) -> Batch:
    """Return the locked batch if `by` may make this move now; raises the refusal with its reason otherwise.

    StalePage when somebody changed it since the page with `row_version`.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("owner_area").filter(pk=batch_id).first()
    if batch is None:
        raise OutOfSight(_("Not found."))
    access.require(by, BATCH.moves[move].acts, batch)
    if row_version is not None and row_version != batch.row_version:
        raise StalePage(_("Somebody changed %(number)s meanwhile; it is shown afresh.") % {"number": batch.number})
    BATCH.check(move, batch)
    return batch


def take(
    batch: Batch,
    move: str,
    action: str,
    *columns: str,
    by: Actor,
    now: datetime,
    note: str = "",
    changes: dict | None = None,
) -> Batch:
    """Make one move of the table with its audit entry; `columns` are others that changed with it."""
    before, batch.state = batch.state, BATCH.check(move, batch).to_state or batch.state
    save(batch, "state", *columns)
    audit.record(action, batch, by=by, now=now, changes={"state": [before, batch.state]} | (changes or {}), note=note)
    return batch


def save(batch: Batch, *columns: str) -> None:
    """Write the named columns and count the change, so that older pages are known to be stale."""
    batch.row_version += 1
    batch.save(update_fields=[*columns, "row_version"])


def lock(*parts: object) -> None:
    """Wait for the one lock of this name; it is held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join(map(str, parts))])


def lock_publishing() -> None:
    """Let one at a time change what is published."""
    lock("dutylist_publishing")


def clean_opinion(opinion: str, *, needed: bool = False) -> str:
    """Return the opinion trimmed. Raises BadInput when it is too long, or empty where one is needed."""
    opinion = (opinion or "").strip()
    if needed and not opinion:
        raise BadInput(_("Write down why."), field="opinion")
    if len(opinion) > OPINION_LIMIT or "\x00" in opinion:
        raise BadInput(_("At most %(limit)s ordinary characters.") % {"limit": OPINION_LIMIT}, field="opinion")
    return opinion


OPINION_LIMIT = 500

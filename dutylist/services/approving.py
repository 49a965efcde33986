"""审核: the second pair of eyes, the gate, and publication when the day has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.gate import gate_failures
from dutylist.models import Batch
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from .batches import refuse_own_hand
from .publishing import publish_locked
from .steps import begin, clean_opinion, take

OVERRIDE_LEAST = 10  # characters of a reason [P]


@transaction.atomic
def approve(
    batch_id: int,
    opinion: str = "",
    override: str = "",
    *,
    row_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Batch:
    """待审核 → 待生效; a batch whose day has come is published in the same step.

    Raises NotAllowed for who entered part of it, and Refused with the reasons of the gate unless `override` says why
    it is published all the same; that is kept with the batch and in the audit log.
    """
    batch = begin(batch_id, "approve", by=by, row_version=row_version)
    refuse_own_hand(batch, by)
    if batch.effective_on is None:
        raise BadInput(_("Set the day from which the batch holds."), field="effective_on")
    batch.override, failed = _pass_gate(batch, override, by)
    changes = {"override": batch.override, "gate": failed} if failed else {}
    take(
        batch, "approve", "batch.approved", "override", by=by, now=now, note=clean_opinion(opinion), changes=changes
    )  # fmt: skip
    if batch.effective_on <= timezone.localdate(now):
        publish_locked(batch, by=by, now=now)
    return batch


def _pass_gate(batch: Batch, override: str, by: Actor) -> tuple[str, list[str]]:
    """Return the override to be kept and the rows of the gate that failed; nothing of both when all are passed."""
    failed = gate_failures(batch, by.user)
    reason = clean_opinion(override)
    if not failed:
        return "", []
    if len(reason) < OVERRIDE_LEAST:
        told = " ".join(str(row.why or row.label) for row in failed)
        raise Refused(_("The gate is not passed: %(reasons)s") % {"reasons": told}, field="override")
    return reason, [row.name for row in failed]

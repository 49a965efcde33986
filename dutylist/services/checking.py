"""Checking a batch: what is found is kept with the batch, for the page and for the gate."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.checking import find_problems
from dutylist.findings import figures_of
from dutylist.models import Batch, BatchPreview
from dutylist.workflow import BATCH
from grid import access
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, OutOfSight

from .previews import keep_preview

CHECKERS = (Act.ENTER_DUTY.value, Act.REVIEW_DUTY.value, Act.MANAGE_DUTY.value)


def check_batch(batch_id: int, *, by: Actor, now: datetime) -> BatchPreview:
    """Check the batch as it would be published on its date, today at the earliest, and keep what is found.

    The batch is not locked meanwhile: what was found belongs to the content it had at the beginning.
    """
    batch = Batch.objects.select_related("owner_area").filter(pk=batch_id).first()
    if batch is None:
        raise OutOfSight(_("Not found."))
    access.require(by, CHECKERS, batch)
    if not batch.is_open:
        text = _("A batch is checked before it is published; this one is “%(state)s”.")
        raise IllegalMove(text % {"state": BATCH.states[batch.state]})
    today = timezone.localdate(now)
    found = find_problems(batch, on=max(batch.effective_on or today, today))
    return keep_preview(batch.pk, "findings", figures_of(found), content_number=batch.content_number, by=by, now=now)

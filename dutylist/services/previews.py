"""Keeping what was computed about one content of a batch; whoever can compute it, hands it in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dutylist.models import Batch, BatchPreview
from dutylist.workflow import ENTER, FIRST, MANAGE
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight

KEEPERS = (ENTER, FIRST, MANAGE, SYSTEM)
KIND_LIMIT = BatchPreview._meta.get_field("kind").max_length or 0


@transaction.atomic
def keep_preview(
    batch_id: int, kind: str, figures: dict, *, content_number: int, by: Actor, now: datetime
) -> BatchPreview:
    """Keep figures about the content with this number; the newest of a kind holds.

    Figures of an older content than those kept already say less, so they are dropped and the kept ones returned.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("owner_area").filter(pk=batch_id).first()
    if batch is None:
        raise OutOfSight(_("Not found."))
    access.require(by, KEEPERS, batch)
    if not kind or len(kind) > KIND_LIMIT or content_number > batch.content_number:
        raise BadInput(_("There is no such preview."), field="kind")
    there = BatchPreview.objects.filter(batch=batch, kind=kind).first()
    if there is not None and there.content_number > content_number:
        return there
    preview = there or BatchPreview(batch=batch, kind=kind)
    preview.content_number, preview.made_at, preview.made_by = content_number, now, by.name[:120]
    preview.figures = figures
    preview.save()
    audit.record(
        "batch.previewed", batch, by=by, now=now, changes={"kind": kind, "content": content_number}
    )  # fmt: skip
    return preview

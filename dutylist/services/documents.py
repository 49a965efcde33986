"""Files of an item, an objection, a batch: looked into before anything is stored, found by hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.models import Batch, Document, Item, Objection
from dutylist.workflow import BATCH
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.files import Inspected, inspect
from shenzhen_gov.core.files import store_content as store
from shenzhen_gov.core.parameters import get_parameter

ACCEPTED = {"application/pdf", "image/jpeg", "image/png", "image/webp"}
MAY_EDIT = BATCH.moves["edit"].acts


def add_item_document(item_id: int, file: Any, *, by: Actor, now: datetime) -> Document:
    """Add a file to an item; for who may change the list the item is on."""
    (inspected,) = inspect_documents([file], now)
    with transaction.atomic():
        item = Item.objects.select_for_update(of=("self",)).select_related("owner_area").filter(pk=item_id).first()
        if item is None or not Item.objects.open_to(by.user).filter(pk=item_id).exists():
            raise OutOfSight(_("Not found."))
        if reason := access.why_not(by, MAY_EDIT, item):
            raise NotAllowed(reason)
        return keep_document(inspected, "item.document_added", item, by=by, now=now, item=item)


def add_batch_document(batch_id: int, file: Any, *, by: Actor, now: datetime) -> Document:
    """Add the decision document to a batch that is on its way."""
    (inspected,) = inspect_documents([file], now)
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("owner_area").filter(pk=batch_id).first()
        if batch is None:
            raise OutOfSight(_("Not found."))
        access.require(by, MAY_EDIT, batch)
        if not batch.is_open:
            raise IllegalMove(_("Batch %(number)s has ended; no file can be added.") % {"number": batch})
        return keep_document(inspected, "batch.document_added", batch, by=by, now=now, batch=batch)


def inspect_documents(files: Sequence[Any], now: datetime) -> list[Inspected]:
    """Return the files, looked into. Raises BadInput(field="files") naming the first bad one; nothing is stored."""
    limit = get_parameter("document.max_bytes", timezone.localdate(now))
    found = [inspect(file, limit) for file in files]
    for one in found:
        if one.content_type not in ACCEPTED:
            raise BadInput(_("“%(name)s”: only PDF files and pictures are taken.") % {"name": one.name}, field="files")
    return found


def keep_document(
    inspected: Inspected, action: str, obj: Item | Objection | Batch, *, by: Actor, now: datetime, **owner: Any
) -> Document:
    """Store a file that was looked into; the caller holds the owner and the transaction. The same file is kept once."""
    known = Document.objects.filter(sha256=inspected.sha256, **owner).first()
    if known is not None:
        return known
    _refuse_too_many(owner, now)
    document = Document(
        name=inspected.name,
        content_type=inspected.content_type,
        size=inspected.size,
        sha256=inspected.sha256,
        added_at=now,
        added_by=by.name[:120],
        **owner,
    )
    store(document, inspected)
    document.save(force_insert=True)
    facts = {"file": document.name, "size": document.size, "sha256": document.sha256}
    audit.record(action, obj, by=by, now=now, changes=facts)
    return document


def _refuse_too_many(owner: dict[str, Any], now: datetime) -> None:
    kind = "document.max_per_objection" if "objection" in owner else "document.max_per_owner"
    most = get_parameter(kind, timezone.localdate(now))
    if Document.objects.filter(**owner).count() >= most:
        raise BadInput(_("At most %(most)s files are possible here.") % {"most": most}, field="files")

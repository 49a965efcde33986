"""Files of a case: looked into before anything is stored, freed of what they say about the sender, found by hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import AttachmentKind
from intake.models import Attachment, Case
from intake.workflow import OPEN_STATES
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.files import Inspected, inspect, store_content
from shenzhen_gov.core.parameters import get_parameter

from .life_cycle import lock_case

MAY_ADD = (Act.REGISTER_CASE, Act.HANDLE_CASE, Act.HAND_DOWN, Act.REVIEW_CASE, CHANNEL, SYSTEM)


@dataclass(frozen=True)
class Upload:
    """A file as it came in: anything with `name`, `size` and `read()`, and what it shows."""

    file: Any
    kind: str = AttachmentKind.EVIDENCE


def add_attachment(case_id: int, kind: str, file: Any, *, by: Actor, now: datetime) -> Attachment:
    """Add a file to an open case. Raises BadInput(field="files") naming the file and what is wrong with it.

    The same file of the same kind again is the same attachment.
    """
    ((_kind, inspected),) = inspect_all([Upload(file, kind)], now)
    with transaction.atomic():
        case = lock_case(case_id, by=by)
        access.require(by, MAY_ADD, case)
        if case.state not in OPEN_STATES:
            raise IllegalMove(_("Case %(number)s has ended; no file can be added.") % {"number": case.number})
        return add_to_case(case, kind, inspected, by=by, now=now)


def inspect_all(uploads: Sequence[Upload], now: datetime) -> list[tuple[str, Inspected]]:
    """Return (kind, file looked into and cleaned); the first bad one is refused by its name."""
    if not uploads:
        return []
    today = timezone.localdate(now)
    most = get_parameter("attachment.max_per_case", today)
    if len(uploads) > most:
        raise BadInput(_("At most %(most)s files belong to a case.") % {"most": most}, field="files")
    limit = get_parameter("attachment.max_bytes", today)
    return [(_checked_kind(upload.kind), inspect(upload.file, limit)) for upload in uploads]


def add_to_case(case: Case, kind: str, upload: Inspected, *, by: Actor, now: datetime) -> Attachment:
    """Store a file that was looked into; the caller holds the case and the transaction."""
    known = case.attachments.filter(kind=kind, sha256=upload.sha256).first()
    if known is not None:
        return known
    most = get_parameter("attachment.max_per_case", timezone.localdate(now))
    if case.attachments.count() >= most:
        raise BadInput(_("At most %(most)s files belong to a case.") % {"most": most}, field="files")
    attachment = Attachment(
        case=case,
        kind=kind,
        name=upload.name,
        content_type=upload.content_type,
        size=len(upload.data),
        sha256=upload.sha256,
        added_at=now,
        added_by=by.name,
    )
    store_content(attachment, upload)
    attachment.save(force_insert=True)
    facts = {"file": upload.name, "kind": kind, "size": attachment.size, "sha256": upload.sha256}
    audit.record("case.attachment_added", case, by=by, now=now, changes=facts)
    return attachment


def _checked_kind(kind: str) -> str:
    if kind not in AttachmentKind.values:
        raise BadInput(_("“%(kind)s” is no kind of attachment.") % {"kind": kind}, field="kind")
    return kind

"""Files of a case: looked into before anything is stored, freed of what they say about the sender, found by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import AttachmentKind
from intake.media import Unreadable, clean_media
from intake.models import Attachment, Case
from intake.workflow import OPEN_STATES
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.parameters import get_parameter

from .life_cycle import lock_case

MAY_ADD = (Act.REGISTER_CASE, Act.HANDLE_CASE, Act.HAND_DOWN, Act.REVIEW_CASE, CHANNEL, SYSTEM)
NAME_LENGTH = 120


@dataclass(frozen=True)
class Upload:
    """A file as it came in: anything with `name`, `size` and `read()`, and what it shows."""

    file: Any
    kind: str = AttachmentKind.EVIDENCE


@dataclass(frozen=True)
class Inspected:
    """A file that was looked into: what it is, and its bytes as they will be stored."""

    kind: str
    name: str
    content_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Return the hash the file is found by."""
        return hashlib.sha256(self.data).hexdigest()


def add_attachment(case_id: int, kind: str, file: Any, *, by: Actor, now: datetime) -> Attachment:
    """Add a file to an open case. Raises BadInput(field="files") naming the file and what is wrong with it.

    The same file of the same kind again is the same attachment.
    """
    (inspected,) = inspect_all([Upload(file, kind)], now)
    with transaction.atomic():
        case = lock_case(case_id, by=by)
        access.require(by, MAY_ADD, case)
        if case.state not in OPEN_STATES:
            raise IllegalMove(_("Case %(number)s has ended; no file can be added.") % {"number": case.number})
        return add_to_case(case, inspected, by=by, now=now)


def inspect_all(uploads: Sequence[Upload], now: datetime) -> list[Inspected]:
    """Return the files, looked into and cleaned; the first bad one is refused by its name."""
    if not uploads:
        return []
    today = timezone.localdate(now)
    most = get_parameter("attachment.max_per_case", today)
    if len(uploads) > most:
        raise BadInput(_("At most %(most)s files belong to a case.") % {"most": most}, field="files")
    return [_inspect(upload, today) for upload in uploads]


def add_to_case(case: Case, upload: Inspected, *, by: Actor, now: datetime) -> Attachment:
    """Store a file that was looked into; the caller holds the case and the transaction."""
    known = case.attachments.filter(kind=upload.kind, sha256=upload.sha256).first()
    if known is not None:
        return known
    most = get_parameter("attachment.max_per_case", timezone.localdate(now))
    if case.attachments.count() >= most:
        raise BadInput(_("At most %(most)s files belong to a case.") % {"most": most}, field="files")
    attachment = Attachment(
        case=case,
        kind=upload.kind,
        name=upload.name,
        content_type=upload.content_type,
        size=len(upload.data),
        sha256=upload.sha256,
        added_at=now,
        added_by=by.name,
    )
    _store_content(attachment, upload.data)
    attachment.save(force_insert=True)
    facts = {"file": upload.name, "kind": upload.kind, "size": attachment.size, "sha256": upload.sha256}
    audit.record("case.attachment_added", case, by=by, now=now, changes=facts)
    return attachment


def _inspect(upload: Upload, today: date) -> Inspected:
    name = _tidy_name(upload.file.name)
    if upload.kind not in AttachmentKind.values:
        raise BadInput(_("“%(kind)s” is no kind of attachment.") % {"kind": upload.kind}, field="kind")
    limit = get_parameter("attachment.max_bytes", today)
    if upload.file.size > limit:
        text = _("“%(name)s” has %(size)s MB; a file may have at most %(limit)s MB.")
        sizes = {"size": f"{upload.file.size / 2**20:.1f}", "limit": f"{limit / 2**20:g}"}
        raise BadInput(text % {"name": name, **sizes}, field="files")
    try:
        content_type, data = clean_media(upload.file.read())
    except Unreadable as error:
        raise BadInput(f"“{name}”: {error}", field="files") from error
    return Inspected(upload.kind, name, content_type, data)


def _store_content(attachment: Attachment, data: bytes) -> None:
    """Write the bytes under their hash; what is there already has the same content."""
    field = attachment._meta.get_field("file")
    stored = field.generate_filename(attachment, attachment.name)
    if not field.storage.exists(stored):
        stored = field.storage.save(stored, ContentFile(data))
    attachment.file.name = stored


def _tidy_name(name: str | None) -> str:
    """Return the sender's file name without folders and control characters, its ending kept when it is too long."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(character for character in last if character.isprintable()).strip() or "file"
    stem, dot, ending = text.rpartition(".")
    if len(text) <= NAME_LENGTH:
        return text
    return f"{stem[: NAME_LENGTH - len(ending) - 2]}…{dot}{ending}" if len(ending) < 10 else text[:NAME_LENGTH]

"""Files of a case: looked into before anything is stored, freed of what they say about the sender, found by hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import AttachmentKind, ScanState
from intake.models import Attachment, Case
from intake.workflow import OPEN_STATES, UNDER_APPEAL
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, CITIZEN, SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.files import (
    Family,
    Inspected,
    all_or_nothing,
    family_of,
    inspect,
    store_content,
    store_thumbnail,
)
from shenzhen_gov.core.parameters import get_parameter

from .life_cycle import lock_case

MAY_ADD = (Act.REGISTER_CASE, Act.HANDLE_CASE, Act.HAND_DOWN, Act.REVIEW_CASE, CHANNEL, CITIZEN, SYSTEM)
# family of files → the parameter with the bytes one of them may have, and with how many a case may have
LARGEST = {
    Family.PICTURE: "attachment.max_bytes",
    Family.DOCUMENT: "attachment.max_bytes_document",
    Family.VIDEO: "attachment.max_bytes_video",
    Family.AUDIO: "attachment.max_bytes_audio",
}
MOST = {Family.VIDEO: "attachment.max_videos_per_case", Family.AUDIO: "attachment.max_audios_per_case"}


@dataclass(frozen=True)
class Upload:
    """A file as it came in: an open file with `name` and `size`, and what it shows.

    `keep_place`: its sender lets us keep where the photo was taken; otherwise that is forgotten with the other notes.
    """

    file: Any
    kind: str = AttachmentKind.EVIDENCE
    keep_place: bool = False


@dataclass(frozen=True)
class CaseFile:
    """A file that was looked into, and what is kept of it beside its content."""

    kind: str
    content: Inspected
    keep_place: bool = False


def add_attachment(
    case_id: int, kind: str, file: Any, *, by: Actor, now: datetime, keep_place: bool = False
) -> Attachment:
    """Add a file to an open case. Raises BadInput(field="files") naming the file and what is wrong with it.

    The same file of the same kind again is the same attachment.
    """
    (upload,) = inspect_all([Upload(file, kind, keep_place)], now)
    with all_or_nothing([upload.content]), transaction.atomic():
        case = lock_case(case_id, by=by)
        access.require(by, MAY_ADD, case)
        if case.state not in (*OPEN_STATES, UNDER_APPEAL):
            raise IllegalMove(_("Case %(number)s has ended; no file can be added.") % {"number": case.number})
        return add_to_case(case, upload, by=by, now=now)


def largest_file(on: date) -> int:
    """Return how many bytes a file of any kind may have at most."""
    return max(get_parameter(key, on) for key in LARGEST.values())


def inspect_all(uploads: Sequence[Upload], now: datetime) -> list[CaseFile]:
    """Return the files looked into and cleaned; the first bad one is refused by its name."""
    if not uploads:
        return []
    today = timezone.localdate(now)
    _check_count(len(uploads), today)
    limits = {family: get_parameter(key, today) for family, key in LARGEST.items()}
    return [CaseFile(_checked_kind(one.kind), inspect(one.file, limits), one.keep_place) for one in uploads]


def stored_or_none(files: Sequence[CaseFile]) -> Any:
    """Remove what was written for `files` when the work inside fails; put it around the transaction."""
    return all_or_nothing([file.content for file in files])


def add_to_case(case: Case, file: CaseFile, *, by: Actor, now: datetime) -> Attachment:
    """Store a file that was looked into; the caller holds the case, the transaction and `stored_or_none`."""
    content = file.content
    known = case.attachments.filter(kind=file.kind, sha256=content.sha256).first()
    if known is not None:
        return known
    _check_room(case, content, timezone.localdate(now))
    longitude, latitude = (file.keep_place and content.place) or (None, None)
    attachment = Attachment(
        case=case,
        kind=file.kind,
        name=content.name,
        content_type=content.content_type,
        size=content.size,
        sha256=content.sha256,
        longitude=longitude,
        latitude=latitude,
        scan=ScanState.CLEAN if content.is_scanned else ScanState.NOT_SCANNED,
        added_at=now,
        added_by=by.name,
    )
    store_content(attachment, content)
    store_thumbnail(attachment, content)
    attachment.save(force_insert=True)
    audit.record("case.attachment_added", case, by=by, now=now, changes=_facts(file))
    return attachment


def _facts(file: CaseFile) -> dict:
    """Return what the log keeps of a file; when a photo says it was taken is evidence, too."""
    content = file.content
    facts = {"file": content.name, "kind": file.kind, "size": content.size, "sha256": content.sha256}
    return facts | ({"taken": content.taken} if content.taken else {})


def _check_room(case: Case, content: Inspected, today: date) -> None:
    """Refuse a file when the case has as many, or as much, as it may have."""
    family = family_of(content.content_type)
    start = content.content_type.split("/")[0]
    present = case.attachments.aggregate(
        count=Count("pk"),
        bytes=Sum("size", default=0),
        family=Count("pk", filter=Q(content_type__startswith=f"{start}/")),
    )
    _check_count(present["count"] + 1, today)
    if family in MOST and present["family"] >= (most := get_parameter(MOST[family], today)):
        raise BadInput(_("At most %(most)s files of this kind belong to a case.") % {"most": most}, field="files")
    if present["bytes"] + content.size > (most := get_parameter("attachment.max_bytes_per_case", today)):
        text = _("All files of a case together may have at most %(limit)s MB.")
        raise BadInput(text % {"limit": f"{most / 2**20:g}"}, field="files")


def _check_count(count: int, today: date) -> None:
    most = get_parameter("attachment.max_per_case", today)
    if count > most:
        raise BadInput(_("At most %(most)s files belong to a case.") % {"most": most}, field="files")


def _checked_kind(kind: str) -> str:
    if kind not in AttachmentKind.values:
        raise BadInput(_("“%(kind)s” is no kind of attachment.") % {"kind": kind}, field="kind")
    return kind

"""A report that a phone kept while the line was down: it may arrive twice, and counts once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from intake.services import answer_once
from shenzhen_gov.core.actor import Actor

from .handling import report


def report_once(
    work_order_id: int, *, key: str, photos: Sequence[tuple[str, UploadedFile]] = (), by: Actor, now: datetime,
    row_version: int | None = None, **said,
) -> dict:  # fmt: skip
    """Report as `handling.report` does, once for each `key`: sent again, it answers what it answered first.

    `row_version` is no part of what is said: a report that waited goes out with the version of the day. Raises
    KeyReused when the key was given to another report.
    """

    def command() -> dict:
        written = report(work_order_id, photos=photos, by=by, now=now, row_version=row_version, **said)
        return {"report": written.pk, "number": written.work_order.number, "at": now.isoformat()}

    pictures = [(kind, upload.size) for kind, upload in photos]
    given = {"command": "report", "work_order": work_order_id, "photos": pictures, **said}
    answer, _is_first = answer_once(key, given, command, by=by, now=now)
    return answer

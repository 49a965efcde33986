"""Files that were taken while the virus scanner was away, or before there was one, are scanned later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from intake.choices import ScanState
from intake.models import Attachment
from shenzhen_gov.core import audit, scanning
from shenzhen_gov.core.actor import Actor

BATCH = 50


def scan_files(*, by: Actor, now: datetime) -> int:
    """Scan the oldest files that were not, and return how many the scanner saw; one with a virus is sent to nobody.

    Without a scanner nothing is asked; a scanner that is away ends the run, and the next minute tries again.
    """
    if not scanning.is_set():
        return 0
    waiting = Attachment.objects.filter(scan=ScanState.NOT_SCANNED).exclude(file="").order_by("pk")
    seen = 0
    for attachment in waiting.select_related("case")[:BATCH]:
        try:
            found = _scan(attachment)
        except FileNotFoundError:  # somebody else's matter; the others are scanned
            continue
        except scanning.ScannerDown:
            break
        if found is None:
            break
        _keep(attachment, found, by, now)
        seen += 1
    return seen


def _scan(attachment: Attachment) -> str | None:
    """Return the name of the virus, an empty text for none, None when the scanner is away."""
    with attachment.file.open("rb") as content:
        try:
            return "" if scanning.scan(content) else None
        except scanning.Infected as error:
            return error.virus


@transaction.atomic
def _keep(attachment: Attachment, virus: str, by: Actor, now: datetime) -> None:
    state = ScanState.INFECTED if virus else ScanState.CLEAN
    Attachment.objects.filter(pk=attachment.pk).update(scan=state)
    if virus:
        facts = {"file": attachment.pk, "sha256": attachment.sha256, "virus": virus[:120]}
        audit.record("case.attachment_scanned", attachment.case, by=by, now=now, changes=facts)

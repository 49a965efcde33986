"""批注: the one thing that may still be written about an archived case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import Annotation
from grid import access
from intake import services as intake
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

ANNOTATION_LIMIT = 1000


@transaction.atomic
def annotate_case(case_id: int, *, text: str, by: Actor, now: datetime, row_version: int | None = None) -> Annotation:
    """Add a remark to an archived case. Raises IllegalMove before the archive, BadInput(field="text") without words."""
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["annotate"].acts, case)
    CASE.check("annotate", case)
    text = checked_text(text, ANNOTATION_LIMIT, field="text")
    if not text:
        raise BadInput(_("Write the annotation."), field="text")
    written = Annotation.objects.create(case=case, at=now, by=by.name[:120], text=text)
    audit.record("case.annotated", case, by=by, now=now, note=text)
    return written

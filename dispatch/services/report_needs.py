"""What a report must hold, as the page shows it while one types. The checks of closing.py and needs.py decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dispatch.choices import Adoption, ClosingEvidence, ToldOf, WorkRole
from dispatch.models import Telling, WorkOrder
from intake.choices import AttachmentKind

from .closing import least_text, wanted_evidence


@dataclass(frozen=True)
class Need:
    """Something a report must hold: the fields that hold it, one of which is enough, or what is there already.

    `least`: characters of a text. `unless`: name and value of a field with which it is not asked for.
    """

    label: str
    fields: tuple[str, ...]
    is_met: bool = False
    least: int = 1
    unless: tuple[str, str] = ("", "")


def report_needs(order: WorkOrder, now: datetime) -> list[Need]:
    """Return what the report on a work order must hold before it is sent, or before the case can be closed."""
    needs = [Need(_("What was done, and the result"), ("text",), least=least_text(now))]
    if order.role == WorkRole.LEAD:
        needs += [*_of_request(order), *_of_facility(order), *_of_citizen(order)]
    return needs


def _of_request(order: WorkOrder) -> list[Need]:
    """办结标准 by kind of request."""
    wanted, needs = wanted_evidence(order), []
    if ClosingEvidence.COURSE in wanted:
        needs += [Need(_("The day it was dealt with"), ("done_on",)), Need(_("Result"), ("result",))]
    if ClosingEvidence.ADOPTION in wanted:
        adopted = ("adoption", Adoption.ADOPTED.value)
        needs.append(Need(_("Whether the suggestion is adopted"), ("adoption",)))
        needs.append(Need(_("Why not, or only partly"), ("adoption_reason",), unless=adopted))
    return needs


def _of_facility(order: WorkOrder) -> list[Need]:
    """城市部件: photos from before and after; those of the case count."""
    version = order.case.item_version
    if version is None or not version.is_component:
        return []
    kinds = set(order.case.attachments.values_list("kind", flat=True))
    return [
        Need(_("A photo from before"), ("before",), AttachmentKind.BEFORE in kinds),
        Need(_("A photo from after"), ("after",), AttachmentKind.AFTER in kinds),
    ]


def _of_citizen(order: WorkOrder) -> list[Need]:
    """办理告知: by the report, or told separately."""
    if order.case.citizen_id is None:
        return []
    told = Telling.objects.filter(work_order__case=order.case_id, work_order__round=order.round, kind=ToldOf.RESULT)
    return [Need(_("The citizen is told the result"), ("told_way",), told.exists())]

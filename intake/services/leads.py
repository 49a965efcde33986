"""内容核实 → 主动立案 → 跟踪: a lead is verified, filed as a case, and followed to its end (F W11)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from intake.models import Case, Lead
from intake.workflow import LEAD, LEAD_FILED, OPEN_STATES
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, StalePage

from .lookups import area_with_code, centre_answering_for, version_with_code
from .registration import NewCase, register_case

AT_ONCE = 500  # filed leads looked at by one run of the sweep
FINDING_LENGTH = range(4, 501)


@transaction.atomic
def verify_lead(
    lead_id: int,
    *,
    finding: str,
    area: str = "",
    item: str = "",
    row_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Lead:
    """内容核实: somebody looked and it is so; place and duty item may be set right on the way."""
    lead = _lock(lead_id, row_version, by)
    lead.finding, lead.verified_at, lead.verified_by = _checked_finding(finding), now, by.name
    if area:
        lead.area = area_with_code(area)
        lead.holder = centre_answering_for(lead.area)
    if item:
        lead.item = version_with_code(item, timezone.localdate(now)).item
    return move_lead(lead, "verify", "lead.verified", by, now, note=lead.finding)


@transaction.atomic
def dismiss_lead(lead_id: int, *, finding: str, row_version: int | None = None, by: Actor, now: datetime) -> Lead:
    """Not confirmed: the reason stays with the lead."""
    lead = _lock(lead_id, row_version, by)
    lead.finding, lead.verified_at, lead.verified_by = _checked_finding(finding), now, by.name
    return move_lead(lead, "dismiss", "lead.dismissed", by, now, note=lead.finding)


@transaction.atomic
def file_lead(lead_id: int, *, row_version: int | None = None, by: Actor, now: datetime) -> Case:
    """主动立案: the verified lead becomes a case without a caller, and is dispatched like every other."""
    lead = _lock(lead_id, row_version, by)
    access.require(by, LEAD.moves["file"].acts, lead)
    LEAD.check("file", lead)
    lead.case = register_case(_case_of(lead), by=by, now=now, idempotency_key=f"lead-{lead.pk}")
    move_lead(lead, "file", "lead.filed", by, now, changes={"case": lead.case.number})
    return lead.case


def finish_leads(*, by: Actor, now: datetime) -> int:
    """跟踪: close the leads whose cases have ended; returns how many. Safe to run twice."""
    ended = Lead.objects.filter(state=LEAD_FILED).exclude(case__state__in=OPEN_STATES)
    done = 0
    with transaction.atomic():
        for lead in ended.select_for_update(of=("self",), skip_locked=True).select_related("case")[:AT_ONCE]:
            state = lead.case.state if lead.case else None
            move_lead(lead, "finish", "lead.finished", by, now, changes={"case_state": state})
            done += 1
    return done


def move_lead(
    lead: Lead, move: str, action: str, by: Actor, now: datetime, *, changes: dict | None = None, note: str = ""
) -> Lead:
    """Make one move of the table on a locked lead, and its audit entry."""
    row, before = LEAD.check(move, lead), lead.state
    lead.state = row.to_state or lead.state
    lead.row_version += 1
    lead.save()
    facts = {"state": [before, lead.state], **(changes or {})}
    audit.record(action, lead, by=by, now=now, changes=facts, note=note)
    return lead


def _case_of(lead: Lead) -> NewCase:
    return NewCase(
        channel=lead.channel.code,
        content=lead.content,
        title=lead.title,
        request_type=lead.channel.default_type,
        urgency=lead.urgency,
        area=lead.area.code if lead.area else "",
        address=lead.address,
        longitude=lead.longitude,
        latitude=lead.latitude,
        item=lead.item.code if lead.item else "",
    )


def _lock(lead_id: int, row_version: int | None, by: Actor) -> Lead:
    lead = (
        Lead.objects.select_for_update(of=("self",))
        .select_related("area", "holder", "channel", "item")
        .filter(pk=lead_id)
        .first()
    )
    if lead is None:
        raise OutOfSight(_("Not found."))
    access.require(by, LEAD.moves["verify"].acts, lead)
    if row_version is not None and lead.row_version != row_version:
        text = _("Lead %(number)s was changed by somebody else after this page was opened. Open it again.")
        raise StalePage(text % {"number": lead.number})
    return lead


def _checked_finding(text: str) -> str:
    text = text.strip()
    if len(text) not in FINDING_LENGTH or "\x00" in text:
        raise BadInput(_("Say in 4 to 500 characters what was found when it was looked at."), field="finding")
    return text

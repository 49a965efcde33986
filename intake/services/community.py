"""What community work leaves with cases: items handed on, counters of service sites, mediation by an adviser."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import GatheringKind
from grid.models import GatheringItem, ServiceSite
from grid.selectors.party import advisers_for
from grid.services.party import lock_item, settle_item
from intake.choices import LeadKind, RequestType
from intake.models import Case, ItemFiling, Lead, Mediation, SiteCase
from intake.workflow import MAY_MEDIATE, MEDIATION
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused
from shenzhen_gov.core.texts import checked_text

from .lead_reports import NewLead, report_lead
from .life_cycle import lock_case
from .registration import NewCase, register_case

# data/channels.csv; a visit's matter comes in as a liaison's, a meeting's as the secretary's.
CHANNELS = {GatheringKind.TEA: "secretary_tea", GatheringKind.VISIT: "liaison_visit"}
CASE, LEAD = "case", "lead"


@transaction.atomic
def file_visit_item(item_id: int, become: str, *, by: Actor, now: datetime) -> ItemFiling:
    """Make the one case or lead that an item of a meeting or visit becomes.

    Pressed twice, or by two at once, it stays one: the item is locked, and the second is answered with what the first
    made. The case is registered by the system, because whoever may plan for a community may hand its items on; who did
    it stands in the audit log of the item. Raises BadInput, IllegalMove, NotAllowed, OutOfSight.
    """
    item = lock_item(item_id, by)
    if known := ItemFiling.objects.filter(item=item).select_related("case", "lead").first():
        return known
    if become not in {CASE, LEAD}:
        raise BadInput(_("An item becomes a case or a lead."), field="become")
    filing = ItemFiling(item=item, filed_at=now)
    system = Actor.system("gatherings")
    made: Case | Lead
    if become == CASE:
        key = f"gathering-item-{item.pk}"
        made = filing.case = register_case(_case_of(item), by=system, now=now, idempotency_key=key)
    else:
        made = filing.lead = report_lead(_lead_of(item), by=system, now=now).lead
    filing.save(force_insert=True)
    changes = {become: str(filing), "by": by.name}
    settle_item(item, "file", "gathering_item.filed", {become: str(filing)}, by, now)
    audit.record("item.filed", made, by=by, now=now, changes=changes)
    return filing


@transaction.atomic
def note_counter(case_id: int, site_id: int, *, by: Actor, now: datetime) -> SiteCase:
    """Count a case for the site at whose counter it was taken; once, however often it is sent."""
    case = lock_case(case_id, by=by)
    site = ServiceSite.objects.filter(pk=site_id, is_active=True, has_counter=True).first()
    if site is None:
        raise BadInput(_("No counter in use is called so."), field="site")
    if known := SiteCase.objects.filter(case=case).first():
        return known
    noted = SiteCase.objects.create(case=case, site=site, at=now)
    audit.record("case.counter_noted", case, by=by, now=now, changes={"site": site.name})
    return noted


@transaction.atomic
def open_mediation(case_id: int, adviser_id: int, matter: str, *, by: Actor, now: datetime) -> Mediation:
    """法治前哨: refer a legal matter of a case to an adviser of its area. Raises BadInput(field), Refused."""
    case = _case_for(case_id, by)
    if case.mediations.filter(state=MEDIATION.start).exists():
        raise Refused(_("A mediation of this case is under way."))
    if adviser_id not in {row.pk for row in advisers_for(case.area, timezone.localdate(now))}:
        raise BadInput(_("Choose an adviser of this area."), field="adviser")
    matter = checked_text(matter, 300, field="matter")
    if len(matter) < 4:
        raise BadInput(_("Say what the legal matter is."), field="matter")
    made = Mediation.objects.create(
        case=case, adviser_id=adviser_id, matter=matter, opened_at=now, opened_by=by.name, state=MEDIATION.start
    )
    facts = {"adviser": made.adviser.name}
    audit.record("case.mediation_opened", case, by=by, now=now, changes=facts)
    return made


@transaction.atomic
def end_mediation(mediation_id: int, move: str, result: str, *, by: Actor, now: datetime) -> Mediation:
    """化解成功 or 未成, with the result. `move`: settle or fail."""
    found = Mediation.objects.filter(pk=mediation_id).values_list("case", flat=True).first()
    if found is None:
        raise OutOfSight(_("Not found."))
    case = _case_for(found, by)
    row = Mediation.objects.select_for_update(of=("self",)).select_related("adviser").get(pk=mediation_id)
    if move not in MEDIATION.moves:
        raise BadInput(_("Choose how the mediation ended."), field="move")
    step = MEDIATION.check(move, row)
    row.result = checked_text(result, 500, field="result")
    if len(row.result) < 4:
        raise BadInput(_("Write down how it ended."), field="result")
    before, row.state, row.ended_at = row.state, step.to_state or row.state, now
    row.save(update_fields=["result", "state", "ended_at"])
    facts = {"state": [before, row.state], "adviser": row.adviser.name}
    audit.record(f"case.mediation_{row.state}", case, by=by, now=now, changes=facts)
    return row


def _case_for(case_id: int, by: Actor) -> Case:
    case = lock_case(case_id, by=by)
    access.require(by, MAY_MEDIATE, case)
    return case


def _case_of(item: GatheringItem) -> NewCase:
    gathering = item.gathering
    return NewCase(
        channel=CHANNELS[GatheringKind(gathering.kind)],
        content=item.content,
        request_type=RequestType.HELP,
        area=gathering.area.code,
        address=item.place,
    )


def _lead_of(item: GatheringItem) -> NewLead:
    gathering = item.gathering
    return NewLead(
        channel=CHANNELS[GatheringKind(gathering.kind)],
        kind=LeadKind.MEETING,
        content=item.content,
        area=gathering.area.code,
        address=item.place,
        external_id=f"gathering-item-{item.pk}",
    )

"""线索发现: what sensors, patrols, media and meetings tell; the same matter at the same place is one lead (F W11)."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import LeadKind, Urgency
from intake.limits import ADDRESS_LIMIT, CONTENT_LIMIT, TITLE_LIMIT
from intake.location import find_place
from intake.models import Channel, Lead
from intake.workflow import LEAD_DISMISSED, LEAD_DONE, LEAD_FOUND
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, SYSTEM, Actor
from shenzhen_gov.core.bulk import reserve_keys
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.nearness import METRES_A_DEGREE, metres_between
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text, joined

from .leads import move_lead
from .lookups import area_with_code, centre_answering_for, version_with_code
from .registration import check_point, title_of

MAY_REPORT = (Act.VERIFY_LEAD, Act.REGISTER_CASE, CHANNEL, SYSTEM)
LIMITS = {"content": CONTENT_LIMIT, "title": TITLE_LIMIT, "address": ADDRESS_LIMIT, "external_id": 80, "link": 500}
COMPARED = 50  # leads of one kind near one place that are looked at


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """What was found. Codes name channel, area and duty item; an empty text means not given."""

    channel: str
    kind: str
    content: str
    title: str = ""
    external_id: str = ""
    link: str = ""
    area: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    item: str = ""
    urgency: str = ""
    found_at: datetime | None = None


@dataclass(frozen=True)
class Reported:
    """The lead, and whether this report made it or told of one that was known."""

    lead: Lead
    created: bool


@transaction.atomic
def report_lead(data: NewLead, *, by: Actor, now: datetime) -> Reported:
    """Take a lead up. The same outside number, or the same matter at the same place within days, is the same lead.

    Raises BadInput naming the field; NotAllowed and OutOfSight for the territory.
    """
    _check(data)
    channel = _channel(data, by)
    _wait_for_the_same(data)
    if known := _known(data, channel, now):
        return Reported(_seen_again(known, data, by, now), created=False)
    lead = _build(data, channel, by, now)
    access.require(by, MAY_REPORT, lead)
    lead.save(force_insert=True)
    audit.record("lead.found", lead, by=by, now=now, changes={"channel": channel.code, "kind": lead.kind})
    return Reported(lead, created=True)


def _wait_for_the_same(data: NewLead) -> None:
    """Let reports of one matter come one after another: of two devices at once, the second sees the lead of the first.

    Only the same matter waits (until the end of the transaction); where it is does not matter, for boxes overlap.
    """
    matter = f"lead:{data.kind}:{data.item or _title(data)}"
    number = int.from_bytes(hashlib.sha256(matter.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _check(data: NewLead) -> None:
    """Refuse texts that are missing or too long, naming the field."""
    if len(data.content.strip()) < 2:
        raise BadInput(_("Write down what was found."), field="content")
    for field, limit in LIMITS.items():
        checked_text(getattr(data, field), limit, field=field)
    if data.kind not in LeadKind.values:
        raise BadInput(_("“%(value)s” is not one of: %(choices)s.") % {
            "value": data.kind, "choices": joined(LeadKind.values)}, field="kind")  # fmt: skip
    if data.urgency and data.urgency not in Urgency.values:
        raise BadInput(_("%(value)s is no degree of urgency.") % {"value": data.urgency}, field="urgency")
    if data.link and not data.link.startswith(("https://", "http://")):
        raise BadInput(_("A link begins with https:// or http://."), field="link")
    check_point(data.longitude, data.latitude)


def _channel(data: NewLead, by: Actor) -> Channel:
    channel = Channel.objects.filter(code=data.channel, is_active=True).first()
    if channel is None or (by.kind == CHANNEL and by.id != channel.pk):
        raise BadInput(_("There is no channel “%(code)s” in use.") % {"code": data.channel}, field="channel")
    return channel


def _known(data: NewLead, channel: Channel, now: datetime) -> Lead | None:
    """Return the lead this report is about, locked, if there is one."""
    locked = Lead.objects.select_for_update(of=("self",)).select_related("area", "holder")
    if data.external_id and (same := locked.filter(channel=channel, external_id=data.external_id).first()):
        return same
    since = now - timedelta(days=get_parameter("lead.same_days", timezone.localdate(now)))
    recent = locked.exclude(state=LEAD_DONE).filter(kind=data.kind, last_seen_at__gte=since)
    matter = Q(item__code=data.item) if data.item else Q(title=_title(data))
    for lead in _near(recent.filter(matter), data, now)[:COMPARED]:
        if _is_same_place(lead, data, now):
            return lead
    return None


def _near(leads: QuerySet[Lead], data: NewLead, now: datetime) -> QuerySet[Lead]:
    """Narrow to a box around the point, or to the same words for the place."""
    if data.longitude is None or data.latitude is None:
        return leads.filter(address=data.address.strip(), area__code=data.area) if data.address else leads.none()
    degrees = _reach(now) / METRES_A_DEGREE
    wide = degrees / max(math.cos(math.radians(data.latitude)), 0.01)
    return leads.filter(
        latitude__range=(data.latitude - degrees, data.latitude + degrees),
        longitude__range=(data.longitude - wide, data.longitude + wide),
    )


def _is_same_place(lead: Lead, data: NewLead, now: datetime) -> bool:
    metres = metres_between((lead.longitude, lead.latitude), (data.longitude, data.latitude))
    return lead.longitude is data.longitude if metres is None else metres <= _reach(now)


def _reach(now: datetime) -> float:
    return get_parameter("lead.same_place_metres", timezone.localdate(now))


def _seen_again(lead: Lead, data: NewLead, by: Actor, now: datetime) -> Lead:
    """Count a report of a known lead; one that was not confirmed is looked at again when it keeps coming."""
    access.require(by, MAY_REPORT, lead)
    if data.external_id and lead.external_id == data.external_id:
        return lead  # the same message once more
    lead.times_seen += 1
    lead.last_seen_at = now
    lead.save(update_fields=["times_seen", "last_seen_at"])
    audit.record("lead.seen_again", lead, by=by, now=now, changes={"times": lead.times_seen})
    often = get_parameter("lead.reopen_after", timezone.localdate(now))
    if lead.state == LEAD_DISMISSED and lead.times_seen % often == 0:
        move_lead(lead, "reopen", "lead.reopened", by, now)
    return lead


def _build(data: NewLead, channel: Channel, by: Actor, now: datetime) -> Lead:
    area = area_with_code(data.area) if data.area else find_place(data.address, data.content).area
    version = version_with_code(data.item, timezone.localdate(now)) if data.item else None
    (pk,) = reserve_keys(Lead, 1)
    return Lead(
        pk=pk,
        number=f"XS{timezone.localtime(now):%Y%m%d%H%M%S}{pk % 10_000:04d}",
        kind=data.kind,
        channel=channel,
        external_id=data.external_id,
        state=LEAD_FOUND,
        title=_title(data),
        content=data.content.strip(),
        link=data.link,
        area=area,
        address=data.address.strip(),
        longitude=data.longitude,
        latitude=data.latitude,
        item=version.item if version else None,
        urgency=data.urgency or channel.default_urgency,
        holder=centre_answering_for(area, by),
        found_at=min(data.found_at or now, now),
        last_seen_at=now,
        found_by=by.name,
    )


def _title(data: NewLead) -> str:
    return data.title.strip() or title_of(data.content)

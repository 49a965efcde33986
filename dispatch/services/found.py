"""What the grid finds: a general event goes to dispatch, 即采即办 is registered, solved and closed in one step.

The step takes every stage an ordinary case takes, in one transaction: registered, assigned to the team of the place,
signed, reported with both photos, closed. So clocks, facts, audit chain and closing criteria hold as they always do.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import DecisionMode, FindingKind, ReviewCause
from dispatch.drafts import Draft
from dispatch.models import Finding
from dispatch.reasons import reason
from dispatch.selectors.power_check import power_check
from dutylist.choices import DutyLevel
from dutylist.selectors import Duty, duty_for
from grid import access
from grid.choices import Act, UnitKind
from grid.models import RoundTask, Unit
from grid.selectors import team_of
from intake import services as intake
from intake.choices import AttachmentKind, ReplyWay, RequestType, Urgency
from intake.models import Case
from intake.services import NewCase, Registration, Upload
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .assigning import assign
from .closing import TEXT_LIMIT as RESULT_LIMIT
from .handling import report, sign
from .reviewing import close_on_spot

CHANNEL = "grid"
DONE_LIMIT = 500
SHARE_STEPS = 1_000_000


class NotForCommunity(Refused):
    """The duty list does not give this item to the community: it is a general event, the entry is quoted."""


@dataclass(frozen=True, kw_only=True)
class NewFinding:
    """What was seen and where; `area` and `item` are codes, `task` the round it was found on, if any."""

    content: str
    area: str
    address: str = ""
    house_code: str = ""
    longitude: float | None = None
    latitude: float | None = None
    item: str = ""
    urgency: str = Urgency.NORMAL
    task: int | None = None


def report_found(
    new: NewFinding, *, photos: Sequence[Any] = (), by: Actor, now: datetime, idempotency_key: str | None = None
) -> Registration:
    """一般事件: register what was found, with its photos; it goes to dispatch like any other case.

    Raises what `register_once` raises; OutOfSight for the round or area of somebody else.
    """
    task = _task(new, by)

    def link(case: Case) -> None:
        access.require(by, Act.GRID_ROUND.value, case)
        _link(case, task, FindingKind.GENERAL, "", by, now)

    files = [Upload(photo, AttachmentKind.EVIDENCE, keep_place=True) for photo in photos]
    return intake.register_once(_case(new), by=by, now=now, idempotency_key=idempotency_key, files=files, then=link)


def solve_on_spot(
    new: NewFinding, *, done: str, before: Sequence[Any], after: Sequence[Any], by: Actor, now: datetime,
    idempotency_key: str | None = None,
) -> Registration:  # fmt: skip
    """即采即办: found, solved, photographed before and after, closed in one step and counted as a case.

    What may not close by itself (parameters `on_spot.…`) and a sample of the rest go to review. Raises NotForCommunity
    with the entry quoted when the list gives the item to somebody else; nothing is written then.
    """
    done = checked_text(done, DONE_LIMIT, field="done")
    if not done:
        raise BadInput(_("Say what was done."), field="done")
    for field, photos in (("before", before), ("after", after)):
        if not photos:
            raise BadInput(_("It takes a photo from before and one from after."), field=field)
    if not new.item:
        raise BadInput(_("Choose what it is about."), field="item")
    task = _task(new, by)
    files = [Upload(photo, AttachmentKind.BEFORE, keep_place=True) for photo in before]
    files += [Upload(photo, AttachmentKind.AFTER, keep_place=True) for photo in after]
    return intake.register_once(
        _case(new), by=by, now=now, idempotency_key=idempotency_key, files=files,
        then=lambda case: _solve(case, done, task, by, now),
    )  # fmt: skip


def _solve(case: Case, done: str, task: RoundTask | None, by: Actor, now: datetime) -> None:
    """Take a case just registered through all its stages."""
    access.require(by, Act.GRID_ROUND.value, case)
    _require_pictures(case)
    team, community = _units(case, now)
    access.require(by, Act.HANDLE_CASE.value, team)
    duty = _own_duty(case, community, now)
    draft = Draft(case, unit=team, item_id=case.item_id)
    draft.reasons.append(reason("solved_on_spot", who=by.name, unit=team))
    draft.follow(duty)
    (order,) = assign([draft], DecisionMode.ON_SPOT, by=by, now=now, note=done[:300])
    sign(order.pk, by=by, now=now)
    today = timezone.localdate(now)
    written = report(order.pk, text=done, done_on=today, result=done[:RESULT_LIMIT], by=by, now=now)
    written.photos.set(case.attachments.all())
    cause = _review_cause(case, duty, community, now)
    if not cause:
        close_on_spot(order.pk, now=now)
    case.refresh_from_db()
    _link(case, task, FindingKind.ON_SPOT, cause, by, now)


def _units(case: Case, now: datetime) -> tuple[Unit, Unit]:
    """Return who walks the place, and the community that answers for it."""
    team = team_of(case.area, timezone.localdate(now)) if case.area else None
    community = team.parent if team is not None and team.kind == UnitKind.CELL else team
    if team is None or community is None or community.kind != UnitKind.COMMUNITY:
        raise BadInput(
            _("Only in a community something is solved on the spot; give the place precisely."), field="area"
        )
    return team, community


def _own_duty(case: Case, community: Unit, now: datetime) -> Duty:
    """Return what the list says; refuse what is not the community's own."""
    on = timezone.localdate(now)
    duty = duty_for(case.item_id, community.home_area, on) if case.item_id else None
    refused = power_check(community, case, on)
    if duty is None or refused:
        text = refused or _("This duty item is not in force today.")
        raise NotForCommunity(_("%(entry)s Report it for dispatch instead.") % {"entry": text}, field="item")
    return duty


def _review_cause(case: Case, duty: Duty, community: Unit, now: datetime) -> str:
    """Return why it may not close by itself; empty when it may. Which ones may is data (parameters `on_spot.…`)."""
    on = timezone.localdate(now)
    is_own = duty.version.duty_level == DutyLevel.COMMUNITY or (duty.row and duty.row.lead_unit_id == community.pk)
    causes = (
        (ReviewCause.SWITCHED_OFF, not get_parameter("on_spot.self_close", on)),
        (ReviewCause.URGENT, case.urgency == Urgency.EMERGENCY),
        (ReviewCause.COMPONENT, duty.version.is_component and not get_parameter("on_spot.self_close_facility", on)),
        (ReviewCause.NOT_OWN, not is_own),
        (ReviewCause.SAMPLE, _is_sampled(float(get_parameter("on_spot.review_share", on)))),
    )
    return next((cause for cause, holds in causes if holds), "")


def _is_sampled(share: float) -> bool:
    """Draw by lot, so that nobody knows beforehand."""
    return secrets.randbelow(SHARE_STEPS) < share * SHARE_STEPS


def _require_pictures(case: Case) -> None:
    for attachment in case.attachments.all():
        if not attachment.content_type.startswith("image/"):
            raise BadInput(_("“%(name)s” is no photo.") % {"name": attachment.name}, field=attachment.kind)


def _case(new: NewFinding) -> NewCase:
    return NewCase(
        channel=CHANNEL, content=new.content, request_type=RequestType.REPORT, urgency=new.urgency, area=new.area,
        address=new.address, house_code=new.house_code, longitude=new.longitude, latitude=new.latitude, item=new.item,
        reply_way=ReplyWay.NOT_NEEDED,
    )  # fmt: skip


def _task(new: NewFinding, by: Actor) -> RoundTask | None:
    """Return the round it was found on; one that `by` does not walk is not found."""
    if new.task is None:
        return None
    task = RoundTask.objects.select_related("area", "unit").filter(pk=new.task).first()
    if task is None:
        raise OutOfSight(_("Not found."))
    access.require(by, Act.GRID_ROUND.value, task)
    return task


def _link(case: Case, task: RoundTask | None, kind: str, cause: str, by: Actor, now: datetime) -> None:
    Finding.objects.create(case=case, task=task, kind=kind, review_cause=cause, found_by=by.user, found_at=now)

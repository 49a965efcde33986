"""申请: what a unit asks of the level above. Until it is decided nothing changes, and the clocks run on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import RequestKind, RequestState
from dispatch.models import CaseRequest
from dispatch.selectors.requests import closing_order
from dispatch.workflow import WORK_ORDER
from grid import access
from grid.choices import Act
from grid.models import Unit
from intake import services as intake
from intake.choices import AttachmentKind
from intake.workflow import CASE, OPEN_STATES
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import STAFF, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.texts import checked_text

from ..disputes.opening import opens_docket
from ..notices import notify_unit
from ..overtaking import end_request
from ..steps import lock_work_order, require_at
from .asked import Asked, level_above
from .kinds import KINDS, KindOfRequest

REASON_LIMIT = 500


@opens_docket
@transaction.atomic
def ask(
    work_order_id: int | None,
    *,
    case_id: int | None = None,
    kind: str,
    reason: str,
    value: Mapping[str, Any] | None = None,
    files: Sequence[UploadedFile] = (),
    by: Actor,
    now: datetime,
    row_version: int | None = None,
) -> CaseRequest:
    """Ask for something about a work order, or about a case itself. One request of a kind is open at a time.

    `value` holds what the kind takes: `ground` (a code of RequestReason), `until` (a moment or day) or `days`, `item`
    (code) and `unit` (id or name), `told_way`. Raises IllegalMove when it cannot be asked now, BadInput naming the
    field, Refused when it comes too late or was asked already.
    """
    if kind not in KINDS or (work_order_id is None) == (case_id is None):
        raise BadInput(_("This cannot be asked here."), field="kind")
    row = KINDS[kind]
    asked, unit, deciding_unit = _begin(work_order_id, case_id, kind, row, value or {}, by, now, row_version)
    text = checked_text(reason, REASON_LIMIT, field="reason")
    if not text:
        raise BadInput(_("Give the reason."), field="reason")
    asked.reason = text
    if CaseRequest.objects.open().filter(case=asked.case, work_order=asked.order, kind=kind).exists():
        raise Refused(_("This was asked already and is not decided yet."), field="kind")
    request = CaseRequest(
        case=asked.case, work_order=asked.order, kind=kind, asked_by_unit=unit, asker=by.user, asked_by=by.name[:120],
        asked_at=now, ground=asked.ground, reason=text, deciding_unit=deciding_unit, **row.prepare(asked),
    )  # fmt: skip
    _write(request, row, asked, files)
    return request


@transaction.atomic
def withdraw_request(request_id: int, *, by: Actor, now: datetime) -> CaseRequest:
    """撤回申请: whoever asked, or somebody of the same unit, no longer asks."""
    asked, request = lock_request(request_id, by=by, now=now)
    is_asker = by.user is not None and request.asker_id == by.user.pk
    if not is_asker and (why := access.why_not(by, (Act.HANDLE_CASE.value,), request.asked_by_unit)):
        raise NotAllowed(why)
    require_open(request)
    end_request(request, RequestState.WITHDRAWN, by=by, now=now, opinion="")
    KINDS[request.kind].conclude(request, asked)
    facts = {"kind": request.kind, "request": request.pk}
    audit.record("request.withdrawn", asked.case, by=by, now=now, changes=facts)
    return request


def lock_request(request_id: int, *, by: Actor, now: datetime) -> tuple[Asked, CaseRequest]:
    """Return a request with its case and work order, all locked, in the order of every step: the case first.

    Raises OutOfSight when there is none, or it lies outside the territory of `by`.
    """
    columns = CaseRequest.objects.filter(pk=request_id).values("case_id", "work_order_id")
    known: Mapping[str, Any] = columns.first() or {}
    order = lock_work_order(known["work_order_id"], by=by) if known.get("work_order_id") else None
    case = order.case if order else intake.lock_case(known.get("case_id") or 0, by=by)
    request = (
        CaseRequest.objects.select_related("deciding_unit", "asked_by_unit", "ground", "proposed_unit", "evaluation")
        .select_for_update(of=("self",))
        .get(pk=request_id)
    )
    request.case, request.work_order = case, order
    if by.user is not None and not (access.can_see(by.user, request) or access.can_see(by.user, order or case)):
        raise OutOfSight(_("Not found."))
    return Asked(case, order, request.kind, by, now), request


def require_open(request: CaseRequest) -> None:
    """Raise IllegalMove when somebody was first; the text says who, and what became of it."""
    if request.state != RequestState.OPEN:
        text = _("This request is no longer open: %(state)s, %(who)s.")
        raise IllegalMove(text % {"state": request.get_state_display(), "who": request.decided_by})


def _begin(
    work_order_id: int | None, case_id: int | None, kind: str, row: KindOfRequest, value: Mapping[str, Any],
    by: Actor, now: datetime, row_version: int | None,
) -> tuple[Asked, Unit, Unit]:  # fmt: skip
    """Return what is asked, the unit that asks and the one that decides; refused when it cannot be asked now."""
    if work_order_id is not None and row.move:
        order = lock_work_order(work_order_id, by=by, row_version=row_version)
        require_at(by, WORK_ORDER.moves[row.move].acts, order, order.unit)
        WORK_ORDER.check(row.move, order)
        return Asked(order.case, order, kind, by, now, value), order.unit, level_above(order)
    if case_id is None or not row.case_move:
        raise BadInput(_("This cannot be asked here."), field="kind")
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    asked = Asked(case, None, kind, by, now, value)
    if kind == RequestKind.SCORE_APPEAL:
        return asked, *_units_of_appeal(asked, row)
    access.require(by, CASE.moves[row.case_move].acts, case)
    CASE.check(row.case_move, case)
    return asked, *_units_of_case(asked)


def _units_of_appeal(asked: Asked, row: KindOfRequest) -> tuple[Unit, Unit]:
    order = closing_order(asked.case)
    if order is None:
        raise IllegalMove(_("No unit handled this case in its present round."))
    order.case = asked.case
    move = "appeal_in_redo" if asked.case.state in OPEN_STATES else row.case_move
    require_at(asked.by, CASE.moves[move].acts, order, order.unit)
    CASE.check(move, asked.case)
    return order.unit, level_above(order)


def _units_of_case(asked: Asked) -> tuple[Unit, Unit]:
    """Return the asker's unit (of a channel: the holder of the case), and who decides: the holder, or above it."""
    holder = asked.case.holder
    if holder is None:
        raise IllegalMove(_("No unit is accountable for this case."))
    own = asked.by.user.unit if asked.by.kind == STAFF and asked.by.user and asked.by.user.unit else holder
    is_own = own.path.startswith(holder.path)
    return own, (holder.parent or holder) if is_own else holder


def _write(request: CaseRequest, row: KindOfRequest, asked: Asked, files: Sequence[UploadedFile]) -> None:
    """Write the request with its evidence and its clock, and tell whoever decides."""
    by, now = asked.by, asked.now
    clock = asked.book.start(row.clock, asked.case, work_order=asked.order, unit=request.deciding_unit)
    request.due_at = clock.due_at
    request.save(force_insert=True)
    clock.request = request
    clock.save(force_insert=True)
    row.file(request, asked)
    kind = AttachmentKind.REQUEST.value
    request.files.set([intake.add_attachment(asked.case.pk, kind, file, by=by, now=now) for file in files])
    facts = {
        "work_order": asked.order.number if asked.order else "", "kind": request.kind, "request": request.pk,
        "to": str(request.deciding_unit), "until": request.asked_until and request.asked_until.isoformat(),
        "ground": request.ground and request.ground.code,
    }  # fmt: skip
    facts = {name: value for name, value in facts.items() if value}
    audit.record("request.asked", asked.case, by=by, now=now, changes=facts, note=request.reason)
    notify_unit(
        request.deciding_unit_id, "request_asked", asked.case, act=Act.DECIDE_REQUEST, now=now,
        unit=str(request.asked_by_unit), kind=RequestKind(request.kind).label, due=clock.due_at,
    )  # fmt: skip

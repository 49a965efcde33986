"""挂起 and 阶段性办结: a case rests until a day that is named, its clocks stand still; then it wakes up by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, RequestKind
from dispatch.models import CaseRequest, Clock
from dutylist.choices import LimitUnit
from grid import access
from grid.models import Unit
from intake import services as intake
from intake.choices import ReplyWay
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text
from shenzhen_gov.core.worktime import add_limit

from ..clock_changes import pause, resume
from ..notices import notify_citizen, notify_unit
from .asked import Asked, shown

OPINION_LIMIT = 500
MOST = {
    RequestKind.SUSPEND: ("request.suspend_most", LimitUnit.WORKDAY),
    RequestKind.STAGE_CLOSE: ("request.stage_close_most", LimitUnit.DAY),
}
ACTIONS = {RequestKind.SUSPEND: "case.suspended", RequestKind.STAGE_CLOSE: "case.stage_closed"}


def prepare(asked: Asked) -> dict[str, Any]:
    """Check what is asked: until a working day within what is possible; the citizen told, where a stage is closed."""
    fields: dict[str, Any] = {"asked_until": _until(asked)}
    if asked.kind == RequestKind.STAGE_CLOSE:
        told = asked.value.get("told_way") or ""
        if asked.case.citizen_id and told not in ReplyWay.values:
            raise BadInput(_("Choose how the citizen was told."), field="told_way")
        fields["asked_value"] = {"told_way": str(told)}
    return fields


def agree(request: CaseRequest, asked: Asked) -> None:
    """Let the case rest until the agreed day."""
    asked_again = {"until": request.asked_until, **asked.value}
    until = _until(Asked(asked.case, asked.order, request.kind, asked.by, asked.now, asked_again))
    request.agreed_until = until
    kind = RequestKind(request.kind)
    due_at = pause(asked.lead, request, until, asked.now)
    facts = {"work_order": asked.lead.number, "until": until.isoformat()}
    intake.move_case(
        asked.case, kind.value, action=ACTIONS[kind], by=asked.by, now=asked.now, due_at=due_at, changes=facts,
        note=request.opinion,
    )  # fmt: skip
    if kind == RequestKind.STAGE_CLOSE:
        ground = request.ground.name if request.ground else kind.label
        notify_citizen(asked.case, "citizen_stage_closed", now=asked.now, due=until, reason=ground)


@transaction.atomic
def wake_case(case_id: int, *, opinion: str = "", by: Actor, now: datetime, row_version: int | None = None) -> Case:
    """Let a case on hold go on, by the level above before its day, or by the system when it has come.

    Its clocks go on with the time they had left; none begins afresh.
    """
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["wake"].acts, case)
    CASE.check("wake", case)
    note = checked_text(opinion, OPINION_LIMIT, field="opinion")
    hold = Clock.objects.filter(case=case, kind=ClockKind.HOLD, outcome=ClockOutcome.RUNNING).first()
    due_at = resume(case, now)
    facts = {"work_order": hold.work_order.number} if hold and hold.work_order else {}
    intake.move_case(case, "wake", action="case.woken", by=by, now=now, due_at=due_at, changes=facts, note=note)
    unit: Unit | None = hold.work_order.unit if hold and hold.work_order else case.holder
    notify_unit(unit.pk if unit else None, "case_woken", case, now=now)
    return case


def wake_next(*, by: Actor, now: datetime) -> int | None:
    """Wake one case whose day has come, that no other worker holds; returns its id, None when there is none.

    The state is the queue: the clock of the hold runs until the case woke up.
    """
    due = Clock.objects.filter(kind=ClockKind.HOLD, outcome=ClockOutcome.RUNNING, due_at__lte=now)
    with transaction.atomic():
        for case_id in due.order_by("due_at", "id").values_list("case", flat=True)[:50]:
            free = Case.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=case_id)
            if free.exists():
                wake_case(case_id, by=by, now=now)
                return case_id
    return None


def _until(asked: Asked) -> datetime:
    """Return when the case wakes up: at the opening of the working day that is named, or the next one."""
    key, unit = MOST[RequestKind(asked.kind)]
    until = asked.moment()
    if until is None:
        raise BadInput(_("Give the day on which it goes on."), field="until")
    most = int(get_parameter(key, timezone.localdate(asked.now)))
    latest = add_limit(asked.now, most, unit, asked.book.calendar)
    if not asked.now < until <= latest:
        text = _("The day lies after today and not after %(latest)s.")
        raise BadInput(text % {"latest": shown(latest)}, field="until")
    return asked.book.calendar.next_working_moment(until)

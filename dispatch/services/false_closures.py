"""虚假办结: doubts about closings become checks, which the level above the closing unit decides.

Three things raise a doubt: the same matter at the same place soon after, a citizen who says on the phone that it is
not solved, and a report that reads like many others of the unit. Sweeps find the first and the last by the state of
the rounds, each round once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import ClockKind, ClockOutcome, DoubtKind, RoundJudge, WorkRole
from dispatch.clocks import ClockBook, stop
from dispatch.models import Clock, ClosureCheck, Report, ReportPrint, Round, WorkOrder
from dispatch.selectors.doubts import alike_reports
from dispatch.text_prints import marks_of
from dispatch.workflow import CHECK_OPEN, CLOSURE_CHECK, DONE
from grid.choices import Act
from grid.models import Unit
from intake import services as intake
from intake.models import Case
from intake.selectors.similar import find_closed_like
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused, StalePage
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .handling import NOTE_LIMIT
from .notices import notify_unit
from .rounds import judge_round
from .steps import require_at

BATCH = 100


@transaction.atomic
def open_check(case_id: int, round_number: int, kind: str, facts: dict, *, now: datetime) -> ClosureCheck | None:
    """Doubt the closing of a round: a check with its clock, or one reason more for the check that is open.

    Safe to call twice: the same reason is not added again. None when nobody reported anything, or it was decided.
    """
    by = Actor.system("closure_check")
    case = intake.lock_case(case_id, by=by)
    doubt = {"kind": str(kind), "facts": facts}
    earlier = list(ClosureCheck.objects.filter(case=case, round=round_number).select_for_update().order_by("-pk"))
    if any(doubt in check.reasons for check in earlier):
        return None
    if earlier and earlier[0].state == CHECK_OPEN:
        return _add_reason(earlier[0], doubt)
    closed_by = _closing_unit(case, round_number)
    is_decided = any(check.state != CHECK_OPEN and kind == DoubtKind.TEMPLATE for check in earlier)
    if closed_by is None or is_decided or _is_open_elsewhere(case):
        return None
    check = ClosureCheck(
        case=case, round=round_number, area=case.area, unit=closed_by, deciding_unit=closed_by.parent or closed_by,
        reasons=[doubt], opened_at=now, due_at=_start_clock(case, now),
    )  # fmt: skip
    check.save(force_insert=True)
    changes = {"unit": closed_by.name, "to": check.deciding_unit.name, "doubt": str(kind)}
    audit.record("closure.doubted", case, by=by, now=now, changes=changes)
    with override(settings.LANGUAGE_CODE):
        words = str(DoubtKind(kind).label)
    notify_unit(check.deciding_unit_id, "closure_check", case, act=Act.REVIEW_CASE, now=now, reasons=words)
    return check


@transaction.atomic
def decide_check(
    check_id: int, *, confirmed: bool, opinion: str, by: Actor, now: datetime, row_version: int | None = None
) -> ClosureCheck:
    """Say whether a case was falsely closed; if so it is done again, and counts against the unit that closed it.

    Raises BadInput(field="opinion") without a reason, NotAllowed below the deciding level, IllegalMove when it is
    decided, StalePage when a reason was added since the page was shown.
    """
    check = _lock(check_id, by)
    move = "confirm" if confirmed else "dismiss"
    require_at(by, CLOSURE_CHECK.moves[move].acts, check, check.deciding_unit)
    CLOSURE_CHECK.check(move, check)
    if row_version is not None and row_version != check.row_version:
        raise StalePage(_("Another reason was added meanwhile; the check is shown afresh."))
    opinion = checked_text(opinion, NOTE_LIMIT, field="opinion")
    if not opinion:
        raise BadInput(_("Give the reason of your decision."), field="opinion")
    check.state = CLOSURE_CHECK.moves[move].to_state or check.state
    check.decided_at, check.decided_by, check.opinion = now, by.name[:120], opinion
    check.row_version += 1
    check.save(update_fields=["state", "decided_at", "decided_by", "opinion", "row_version"])
    _stop_clock(check.case, now)
    action = "closure.confirmed" if confirmed else "closure.dismissed"
    audit.record(action, check.case, by=by, now=now, changes={"unit": check.unit.name}, note=opinion)
    if confirmed:
        notify_unit(check.unit_id, "closure_confirmed", check.case, now=now, opinion=opinion)
    if confirmed and check.case.round == check.round:
        judge_round(check.case, satisfied=False, judge=RoundJudge.CHECK, why=opinion, now=now)
    return check


def compare_some(*, now: datetime, limit: int = BATCH) -> int:
    """Compare newly dispatched cases with what was closed at the same place lately; returns how many were compared."""
    rounds = list(Round.objects.filter(number=1, is_compared=False).select_related("case__area").order_by("id")[:limit])
    day = timezone.localdate(now)
    since = now - timedelta(days=get_parameter("closure_check.days", day))
    reach = get_parameter("closure_check.metres", day)
    for one in rounds:
        # What an import opened long ago was closed long before: nothing to be compared with.
        for like in find_closed_like(one.case, since=since, reach=reach, now=now) if one.opened_at >= since else ():
            facts = {"case": one.case.number, "score": like.score} | like.facts
            open_check(like.case.pk, like.case.round, DoubtKind.SAME_MATTER, facts, now=now)
    Round.objects.filter(pk__in=[one.pk for one in rounds]).update(is_compared=True)
    return len(rounds)


def scan_some(*, now: datetime, limit: int = BATCH) -> int:
    """Compare the reports of rounds just closed with the unit's others; returns how many rounds were looked at."""
    rounds = list(Round.objects.filter(is_scanned=False, closed_at__isnull=False).order_by("closed_at", "id")[:limit])
    since = now - timedelta(days=get_parameter("closure_check.report_days", timezone.localdate(now)))
    for one in rounds:
        report = _written_report(one) if one.closed_at and one.closed_at >= since else None
        if report is not None and report.text.strip():
            _scan(one, report, now)
    Round.objects.filter(pk__in=[one.pk for one in rounds]).update(is_scanned=True)
    return len(rounds)


def _scan(one: Round, report: Report, now: datetime) -> None:
    """Keep the fingerprint of a report, and doubt the closing when too many others read the same."""
    day, unit = timezone.localdate(now), report.work_order.unit
    mine = ReportPrint(report=report, unit=unit, at=report.at, marks=marks_of(report.text))
    ReportPrint.objects.bulk_create([mine], ignore_conflicts=True)
    others = alike_reports(mine, now=now)
    if len(others) < get_parameter("closure_check.same_reports", day):
        return
    today = ClosureCheck.objects.filter(
        unit=unit, opened_at__gt=now - timedelta(days=1), reasons__contains=[{"kind": DoubtKind.TEMPLATE.value}]
    )
    if today.count() < get_parameter("closure_check.template_a_day", day):
        numbers = [other.report.work_order.case.number for other in others[:3]]
        facts = {"count": len(others), "cases": numbers}
        open_check(one.case_id, one.number, DoubtKind.TEMPLATE, facts, now=now)


def _written_report(one: Round) -> Report | None:
    """Return the last report of a round where it was written: at the bottom of the chain."""
    reports = Report.objects.filter(work_order__case=one.case_id, work_order__round=one.number)
    lead = reports.filter(work_order__role=WorkRole.LEAD).select_related("work_order__unit")
    return lead.order_by("-work_order__seq", "-pk").first()


def _closing_unit(case: Case, round_number: int) -> Unit | None:
    """Return the unit whose work order ended the round: the top of the chain; of an answer, who answered."""
    orders = WorkOrder.objects.filter(case=case, round=round_number, role=WorkRole.LEAD, parent=None, state=DONE)
    order = orders.select_related("unit__parent").order_by("-seq").first()
    return order.unit if order else None


def _is_open_elsewhere(case: Case) -> bool:
    """Whether a check of another round of the case is undecided: one at a time."""
    return ClosureCheck.objects.filter(case=case, state=CHECK_OPEN).exists()


def _add_reason(check: ClosureCheck, doubt: dict) -> ClosureCheck:
    check.reasons = [*check.reasons, doubt]
    check.row_version += 1
    check.save(update_fields=["reasons", "row_version"])
    return check


def _start_clock(case: Case, now: datetime) -> datetime:
    """Start the clock of a check and return its deadline; without the year's holidays there is only a deadline."""
    try:
        clock = ClockBook(now).start(ClockKind.CLOSURE_CHECK, case)
        clock.save(force_insert=True)
    except Refused:
        return now + timedelta(days=3)
    return clock.due_at


def _stop_clock(case: Case, now: datetime) -> None:
    for clock in Clock.objects.filter(case=case, kind=ClockKind.CLOSURE_CHECK, outcome=ClockOutcome.RUNNING):
        stop(clock, now)
        clock.save(update_fields=["stopped_at", "outcome"])


def _lock(check_id: int, by: Actor) -> ClosureCheck:
    """Return the check with its case, both locked."""
    case_id = ClosureCheck.objects.filter(pk=check_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise OutOfSight(_("Not found."))
    case = intake.lock_case(case_id, by=by)
    checks = ClosureCheck.objects.select_for_update(of=("self",)).select_related("unit", "deciding_unit", "area")
    check = checks.get(pk=check_id)
    check.case = case
    return check

"""How a case stands, as whoever asked may see it: 收集—分拨—办理—监督—评价, without staff, notes or personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.choices import WorkRole
from dispatch.models import Report, WorkOrder
from intake.models import Case
from intake.selectors.public import VisitorSteps, public_text, visitor_steps
from intake.workflow import ARCHIVED, CLOSED, OPEN_STATES, UNDER_APPEAL, UNDER_REVIEW, VOID
from shenzhen_gov.core.models import AuditEntry

from .splitting import other_parts

DONE, NOW, AHEAD = "done", "now", "ahead"
ENDED = (CLOSED, UNDER_APPEAL, ARCHIVED)


@dataclass(frozen=True)
class PublicStage:
    """One of the five stations: its word, when it was reached, and a line about it."""

    label: str
    at: datetime | None
    text: str = ""
    state: str = AHEAD


@dataclass(frozen=True)
class PublicRound:
    """An earlier round as whoever asked sees it: when it ended, what was answered, what they thought of it."""

    number: int
    closed_at: datetime | None
    reply: str
    overall: int | None


@dataclass(frozen=True)
class Tracking:
    """The page of a tracked case."""

    case: Case
    headline: str
    stages: list[PublicStage]
    reply: str
    replied_at: datetime | None
    due_at: datetime | None
    steps: VisitorSteps
    earlier: list[PublicRound]
    is_redone_soon: bool  # not satisfied, and not taken up again yet
    parts: tuple[str, ...] = ()  # numbers of the other cases that the request became


def get_tracking(case: Case, *, now: datetime) -> Tracking:
    """Return what the page of a tracked case shows. Of a secret case: the stations and their times only."""
    orders = list(case.work_orders.filter(round=case.round, role=WorkRole.LEAD).select_related("unit").order_by("seq"))
    steps = visitor_steps(case, now=now)
    reply, replied_at = _reply(case)
    return Tracking(
        case=case,
        headline=_headline(case),
        stages=_stages(case, orders, steps),
        reply=reply,
        replied_at=replied_at,
        due_at=case.due_at if case.state in OPEN_STATES and not case.is_secret else None,
        steps=steps,
        earlier=_earlier(case) if case.round > 1 else [],
        is_redone_soon=case.state not in OPEN_STATES and case.rounds.filter(awaits_redo=True).exists(),
        parts=tuple(other_parts(case)),
    )


def _earlier(case: Case) -> list[PublicRound]:
    """Return the rounds before the present one, newest first: each with its last report and how it was rated."""
    reports = Report.objects.filter(work_order__case=case, work_order__parent=None).order_by("pk")
    replies = dict(reports.values_list("work_order__round", "text"))
    rated = dict(case.evaluations.values_list("round", "overall"))
    found = case.rounds.filter(number__lt=case.round).order_by("-number")
    return [
        PublicRound(
            number=one.number,
            closed_at=one.closed_at,
            reply="" if case.is_secret else public_text(case, replies.get(one.number, "")),
            overall=rated.get(one.number),
        )
        for one in found
    ]


@dataclass(frozen=True)
class _Station:
    """A station before it is known which is the present one; `at` is when it began, `is_over` whether it ended."""

    label: str
    at: datetime | None
    is_over: bool
    text: str = ""


def _stages(case: Case, orders: list[WorkOrder], steps: VisitorSteps) -> list[PublicStage]:
    """Return the stations of the case: five on the long way, fewer for one that was answered, refused or withdrawn."""
    rated_at = steps.evaluation.evaluated_at if steps.evaluation else None
    words = _("Through: %(channel)s") % {"channel": case.channel.label}
    received = _Station(pgettext("station", "Received"), case.registered_at, True, words)
    rated = _Station(pgettext("station", "Evaluated"), rated_at, rated_at is not None)
    if case.state == VOID or not (orders or case.state in OPEN_STATES):
        short = [received, _Station(_headline(case), case.closed_at, True)]
        found = [*short, rated] if steps.may_rate or rated_at else short
    else:
        found = [received, *_way_through_units(case, orders), rated]
    return _with_states(found, is_open=case.state in OPEN_STATES or steps.may_rate)


def _way_through_units(case: Case, orders: list[WorkOrder]) -> list[_Station]:
    """Return assignment, handling and checking; the unit is named unless the case is secret."""
    unit = orders[-1].unit.name if orders and not case.is_secret else ""
    signed_at = min((order.signed_at for order in orders if order.signed_at), default=None)
    reported_at = max((order.reported_at for order in orders if order.reported_at), default=None)
    is_closed = case.state in ENDED
    is_checked_now = case.state == UNDER_REVIEW
    is_handled = is_closed or is_checked_now
    hint = _("The unit has reported; its report is being checked.") if is_checked_now else ""
    checked_at = case.closed_at if is_closed else reported_at if is_checked_now else None
    return [
        _Station(pgettext("station", "Assigned"), orders[0].assigned_at if orders else None, bool(orders), unit),
        _Station(pgettext("station", "In handling"), signed_at, is_handled, unit if signed_at else ""),
        _Station(pgettext("station", "Checked"), checked_at, is_closed, hint),
    ]


def _with_states(found: list[_Station], *, is_open: bool) -> list[PublicStage]:
    """Return the stations: done, the first that is not over as the present one, the rest ahead."""
    present = next((place for place, station in enumerate(found) if not station.is_over), len(found))
    stages = []
    for place, station in enumerate(found):
        state = DONE if place < present else NOW if place == present and is_open else AHEAD
        stages.append(PublicStage(station.label, station.at, station.text, state))
    return stages


def _headline(case: Case) -> str:
    """Return how the case stands, in one sentence for who asked."""
    dealt_with = _("Your request has been dealt with.")
    words = {
        "registered": _("We have your request and look at it."),
        "awaiting_dispatch": _("We are finding the unit that is responsible."),
        "in_handling": _("Your request is being handled."),
        "under_review": _("It was handled; the result is being checked."),
        "stage_closed": _("Part of it is done; the rest is being followed."),
        "suspended": _("Handling rests for a while and will go on."),
        "answered": _("Your question has been answered."),
        "not_accepted": _("Your request was not accepted."),
        "void": _("This request was withdrawn or ended."),
    }
    return words.get(case.state, dealt_with)


def _reply(case: Case) -> tuple[str, datetime | None]:
    """Return the public answer and when it was given: why it was refused, the checked report, or the answer given."""
    if case.state in OPEN_STATES or case.state == VOID or case.is_secret:
        return "", None
    if case.refusal_reason:
        return public_text(case, case.refusal_reason), case.closed_at
    reports = Report.objects.filter(work_order__case=case, work_order__round=case.round)
    report = reports.filter(work_order__role=WorkRole.LEAD).order_by("-pk").first()  # one reply for all parts
    if report is not None:
        return public_text(case, report.text), report.at
    entries = AuditEntry.objects.filter(object_type=Case._meta.label_lower, object_id=case.pk, action="case.answered")
    answer = entries.order_by("-seq").first()
    return (public_text(case, answer.note), answer.at) if answer else ("", None)

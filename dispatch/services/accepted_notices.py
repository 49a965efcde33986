"""受理告知: citizens are told by SMS that their request was taken on, soon after its first dispatch.

A sweep of its own, so that neither registering nor dispatching a case costs more. The round is the queue: marked in
the transaction that writes the messages, so that nobody is told twice. The SMS is delivered, tried again and shown
when it is stuck like every other message; the telling says that it was sent, not that it was read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from dispatch.choices import ToldOf, WorkRole
from dispatch.models import ExchangeCase, Round, Telling, WorkOrder
from intake.choices import ReplyWay
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.parameters import get_parameter

from .notices import notify_citizen

BATCH = 500
TEMPLATE = "citizen_accepted"


@transaction.atomic
def tell_accepted(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Tell the citizens of the next newly dispatched cases; returns how many cases were looked at."""
    rounds = list(_next(limit))
    day = timezone.localdate(now)
    since = now - timedelta(hours=get_parameter("accepted_notice.hours", day))
    ways = _ways(only_sms=get_parameter("accepted_notice.only_sms_wished", day))
    if get_parameter("accepted_notice.active", day):
        lately = [one for one in rounds if one.opened_at >= since and not one.is_elsewhere]
        cases = [one.case for one in lately if _wishes(one.case, ways)]
        _tell([case for case in cases if notify_citizen(case, TEMPLATE, now=now)], by, now)
    Round.objects.filter(pk__in=[one.pk for one in rounds]).update(is_told=True)
    return len(rounds)


def _next(limit: int):
    """Return the oldest first rounds of which nobody was told; what another sweep works on is left to it."""
    elsewhere = ExchangeCase.objects.filter(case=OuterRef("case"))
    rounds = Round.objects.filter(number=1, is_told=False).annotate(is_elsewhere=Exists(elsewhere))
    rounds = rounds.select_related("case__citizen", "case__channel").defer("case__content", "case__legacy")
    return rounds.order_by("id").select_for_update(skip_locked=True, of=("self",))[:limit]


def _ways(*, only_sms: bool) -> tuple[str, ...]:
    """Return the wished ways of reply that agree to an SMS."""
    return (ReplyWay.SMS,) if only_sms else (ReplyWay.SMS, ReplyWay.PHONE)


def _wishes(case: Case, ways: tuple[str, ...]) -> bool:
    """Whether the citizen is known and agrees to an SMS, and no channel tells its own by a call-back."""
    return case.citizen is not None and case.reply_way in ways and not case.channel.callback_url


def _tell(cases: list[Case], by: Actor, now: datetime) -> None:
    """Note for the page, the figures and the audit log that these citizens were told; no personal data."""
    orders = WorkOrder.objects.filter(case__in=cases, role=WorkRole.LEAD, round=1).order_by("case_id", "seq")
    first = orders.distinct("case_id")
    rows = [
        Telling(work_order=order, kind=ToldOf.ACCEPTED, way=ReplyWay.SMS, at=now, by=by.name[:120]) for order in first
    ]
    Telling.objects.bulk_create(rows)
    facts = {"told": ReplyWay.SMS.value, "of": ToldOf.ACCEPTED.value}
    audit.record_many([audit.Record("work_order.told", case, facts) for case in cases], by=by, now=now)

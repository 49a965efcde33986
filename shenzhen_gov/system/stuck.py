"""What is stuck or late, each told once: for the page of administrators and for Prometheus.

Every question reads an index of what waits and is capped, so that it costs the same in ten years. A wait becomes late
by parameters (`watch.…`); the retry is the service that the page of the thing itself calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.models import FiguresState
from dispatch.choices import ClockOutcome, ExchangeState
from dispatch.models import Clock, ExchangeMessage
from dispatch.services import retry_message as retry_exchange
from grid.choices import ImportState, MessageState
from grid.models import Message, PlaceImport
from grid.services import retry_message
from intake.choices import DeliveryState
from intake.models import Case, Delivery
from intake.services import retry_delivery
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.jobs import LOST_AFTER
from shenzhen_gov.core.lists import Count, capped
from shenzhen_gov.core.lists.counting import CAP
from shenzhen_gov.core.models import AuditEntry, AuditSeal, JobRun
from shenzhen_gov.core.parameters import get_parameter

MOST_RETRIED = 100
SOON, PERSON, NEVER, JOBS = "watch.minutes", "watch.person_minutes", "", "watch.job_days"


@dataclass(frozen=True)
class Watch:
    """One thing that may get stuck: the rows of it at a moment, and which of their moments says how long."""

    code: str
    label: str | Promise
    rows: Callable[[datetime], QuerySet]
    moment: str
    limit: str = NEVER  # the parameter of minutes after which it is late; NEVER: any is too many
    view: str = ""
    query: tuple[tuple[str, str], ...] = ()
    retry: Callable | None = None
    order: str = "id"  # what is indexed, and grows with the moment


@dataclass(frozen=True)
class Seen:
    """What was found of it: how many, since when, whether that is too long."""

    code: str
    label: str | Promise
    count: Count
    oldest: datetime | None
    is_late: bool
    address: str = ""
    may_retry: bool = False


WATCHES = (
    Watch("jobs_failed", gettext_lazy("Background jobs that failed lately"), lambda now: _failed_jobs(now),
          "started_at", view="system_jobs", query=(("state", "failed"),), order="started_at"),
    Watch("jobs_lost", gettext_lazy("Jobs without a sign of life"), lambda now: _lost_jobs(now), "beat_at",
          view="system_jobs", query=(("state", "running"),)),
    Watch("callbacks_stuck", gettext_lazy("Call-backs to channels that are stuck"),
          lambda now: Delivery.objects.filter(state=DeliveryState.STUCK), "created_at",
          view="admin:intake_delivery_changelist", query=(("state__exact", "stuck"),), retry=retry_delivery),
    Watch("callbacks_late", gettext_lazy("Call-backs to channels whose time has come"),
          lambda now: Delivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lt=now), "next_try_at", SOON,
          view="admin:intake_delivery_changelist", query=(("state__exact", "waiting"),), order="next_try_at"),
    Watch("exchange_stuck", gettext_lazy("Messages to other platforms that are stuck"),
          lambda now: ExchangeMessage.objects.filter(state=ExchangeState.STUCK), "created_at",
          view="dispatch:exchange", retry=retry_exchange),
    Watch("exchange_late", gettext_lazy("Messages to other platforms whose time has come"),
          lambda now: ExchangeMessage.objects.filter(state=ExchangeState.WAITING, next_try_at__lt=now), "next_try_at",
          SOON, view="dispatch:exchange", order="next_try_at"),
    Watch("messages_stuck", gettext_lazy("SMS, mail and portal messages that are stuck"),
          lambda now: Message.objects.filter(state=MessageState.STUCK), "created_at",
          view="admin:grid_message_changelist", query=(("state__exact", "stuck"),), retry=retry_message),
    Watch("messages_late", gettext_lazy("SMS, mail and portal messages whose time has come"),
          lambda now: Message.objects.filter(state=MessageState.WAITING, next_try_at__lt=now), "next_try_at", SOON,
          view="admin:grid_message_changelist", query=(("state__exact", "waiting"),), order="next_try_at"),
    Watch("dispatch_machine", gettext_lazy("Cases the dispatcher has not looked at yet"),
          lambda now: Case.objects.awaiting_dispatch(), "accepted_at", SOON, view="dispatch:cases",
          order="accepted_at"),
    Watch("dispatch_person", gettext_lazy("Cases waiting for a person at the dispatch desk"),
          lambda now: Case.objects.awaiting_person(), "accepted_at", PERSON, view="dispatch:unmatched",
          order="accepted_at"),
    Watch("clocks", gettext_lazy("Running clocks past the moment of their escalation"),
          lambda now: Clock.objects.filter(outcome=ClockOutcome.RUNNING, next_step_at__lt=now), "next_step_at", SOON,
          view="dispatch:supervision", order="next_step_at"),
    Watch("audit", gettext_lazy("Entries of the audit log that no seal covers"), lambda now: _unsealed(), "at", SOON,
          order="transaction", view="system_audit"),
    Watch("imports", gettext_lazy("Imports of places that wait"),
          lambda now: PlaceImport.objects.filter(state=ImportState.ASKED), "asked_at", SOON, view="grid:place_imports"),
)  # fmt: skip
BY_CODE = {watch.code: watch for watch in WATCHES}


def look(now: datetime) -> list[Seen]:
    """Return everything that can get stuck, as it stands."""
    return [_look_at(watch, now) for watch in WATCHES] + _figures(now)


def retry(code: str, *, by: Actor, now: datetime) -> tuple[int, list[str]]:
    """Try the oldest of it again, a hundred at a time; returns how many, and why others were not."""
    watch = BY_CODE.get(code)
    if watch is None or watch.retry is None:
        raise BadInput(_("Nothing of this kind can be tried again from here."))
    done, refused = 0, []
    for pk in watch.rows(now).order_by(watch.order).values_list("pk", flat=True)[:MOST_RETRIED]:
        try:
            watch.retry(pk, by=by, now=now)
            done += 1
        except Refused as refusal:
            refused.append(str(refusal))
    return done, sorted(set(refused))


def newest_rebuild() -> JobRun | None:
    """Return the newest run that made the figures from scratch, finished or not."""
    return JobRun.objects.filter(job="figures").order_by("-started_at").first()


def _look_at(watch: Watch, now: datetime) -> Seen:
    moments = list(watch.rows(now).order_by(watch.order).values_list(watch.moment, flat=True)[:CAP])
    count, oldest = capped(len(moments)), next(iter(moments), None)
    is_late = oldest is not None and (not watch.limit or now - oldest > _minutes(watch.limit, now))
    address = address_or_none(watch.view) if watch.view else ""
    address = f"{address}?{urlencode(watch.query)}" if address and watch.query else address or ""
    return Seen(watch.code, watch.label, count, oldest, is_late, address, watch.retry is not None)


def _figures(now: datetime) -> list[Seen]:
    """Return how far behind the figures are, and whether they are to be made from scratch."""
    state = FiguresState.objects.first()
    refreshed, asked = (state.refreshed_at, state.rebuild_asked_at) if state else (None, None)
    is_late = refreshed is None or now - refreshed > _minutes(SOON, now)
    return [
        Seen("figures", gettext_lazy("Figures that are out of date"), Count(int(is_late)), refreshed, is_late),
        Seen(
            "rebuild", gettext_lazy("Rebuilding of the figures that was asked for"), Count(int(asked is not None)),
            asked, asked is not None and now - asked > _minutes(SOON, now),
        ),
    ]  # fmt: skip


def _failed_jobs(now: datetime) -> QuerySet[JobRun]:
    days = get_parameter(JOBS, timezone.localdate(now))
    return JobRun.objects.filter(state=JobRun.State.FAILED, started_at__gt=now - timedelta(days=days))


def _lost_jobs(now: datetime) -> QuerySet[JobRun]:
    return JobRun.objects.filter(state=JobRun.State.RUNNING, beat_at__lt=now - LOST_AFTER)


def _unsealed() -> QuerySet[AuditEntry]:
    seal = AuditSeal.objects.first()
    return AuditEntry.objects.filter(transaction__gte=seal.to_transaction if seal else 0)


def _minutes(parameter: str, now: datetime) -> timedelta:
    return timedelta(minutes=get_parameter(parameter, timezone.localdate(now)))

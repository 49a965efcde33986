"""Call-backs to channels: owed in the transaction that made them true, sent soon after, tried again until stuck.

Rows are claimed for a few minutes, sent outside of any transaction, and closed; a worker that dies in between leaves
them to the next one, so a receiver may get one twice and knows it by its id. Channels are served side by side, and one
that cannot be reached rests: it keeps nobody waiting.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from intake.choices import DeliveryState
from intake.models import Case, Channel, ChannelToken, Delivery
from intake.signals import callback_owed
from intake.signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from intake.workflow import ANSWERED, CLOSED
from shenzhen_gov.core import audit, http
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight
from shenzhen_gov.core.parameters import get_parameter

from .callback_addresses import channels_to_tell

STATE_CHANGED = "case.state_changed"
CLAIMED_FOR = timedelta(minutes=5)  # longer than a batch of one channel lasts
BATCH = 20  # messages of one channel at a time
BATCH_SECONDS = 20.0
KEYS = 20  # the newest keys of a channel, among which one that can sign is looked for
SENDERS = 8  # channels served side by side
FORGOTTEN_AT_ONCE = 1_000
RESTS = (0, 429, 502, 503, 504)  # nobody answers, or asks to be left alone: not this message's fault
WAITING, DELIVERED, STUCK = DeliveryState.WAITING, DeliveryState.DELIVERED, DeliveryState.STUCK

resting: dict[int, datetime] = {}  # channel id → until when this process leaves it alone


@dataclass(frozen=True)
class Letter:
    """One message as it is sent: nothing here needs the database."""

    id: int
    url: str
    body: bytes
    prefix: str
    secret: str
    timeout: float


@dataclass(frozen=True)
class Result:
    """What became of a letter: the status (0: nobody answered) and, when it failed, why."""

    id: int
    status: int
    error: str = ""


def owe_callback(case: Case, event: str, *, now: datetime, facts: dict | None = None) -> None:
    """Owe the case's channel the news, if it wants to be told; in the transaction of the change.

    `facts` go along as they are: no personal data, no internal notes.
    """
    owe_callbacks([case], event, now=now, facts=facts)


def owe_callbacks(cases: Iterable[Case], event: str, *, now: datetime, facts: dict | None = None) -> None:
    """Owe the channels of many cases the same news, with one statement, or none."""
    wanted = channels_to_tell()
    rows = [_row(case, event, facts or {}, now) for case in cases if case.channel_id in wanted]
    if rows:
        Delivery.objects.bulk_create(rows)
        transaction.on_commit(partial(callback_owed.send_robust, sender=Delivery), robust=True)


def deliver_some(*, now: datetime) -> int:
    """Send what is due, a batch for each channel, and return how many were tried."""
    batches = [batch for channel in _due_channels(now) if (batch := _claim(channel, now))]
    if not batches:
        return 0
    with ThreadPoolExecutor(min(SENDERS, len(batches))) as senders:
        results = list(senders.map(_send_all, [letters for _channel, letters in batches]))
    tried = 0
    for (channel, letters), done in zip(batches, results, strict=True):
        tried += len(done)
        _close(channel, [letter.id for letter in letters], done, now)
    return tried


@transaction.atomic
def retry_delivery(delivery_id: int, *, by: Actor, now: datetime) -> Delivery:
    """Send a call-back that is stuck, or was given up, again with all its tries before it."""
    delivery = _lock(delivery_id, by)
    if delivery.state not in (STUCK, DeliveryState.DROPPED):
        raise IllegalMove(_("Only what is stuck or was given up is sent again."))
    delivery.state, delivery.tries, delivery.next_try_at = WAITING, 0, now
    delivery.save(update_fields=["state", "tries", "next_try_at"])
    audit.record("delivery.retried", delivery, by=by, now=now)
    transaction.on_commit(partial(callback_owed.send_robust, sender=Delivery), robust=True)
    return delivery


@transaction.atomic
def drop_delivery(delivery_id: int, *, by: Actor, now: datetime) -> Delivery:
    """Give up a call-back that waits or is stuck."""
    delivery = _lock(delivery_id, by)
    if delivery.state not in (WAITING, STUCK):
        raise IllegalMove(_("Only what waits or is stuck can be given up."))
    delivery.state = DeliveryState.DROPPED
    delivery.save(update_fields=["state"])
    audit.record("delivery.dropped", delivery, by=by, now=now)
    return delivery


def forget_delivered(*, now: datetime) -> int:
    """Delete some of what was delivered long ago, and return how much."""
    before = now - timedelta(days=get_parameter("callback.keep_days", timezone.localdate(now)))
    old = Delivery.objects.filter(state=DELIVERED, delivered_at__lt=before).order_by("delivered_at")
    ids = list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    return Delivery.objects.filter(pk__in=ids).delete()[0] if ids else 0


def _row(case: Case, event: str, facts: dict, now: datetime) -> Delivery:
    payload = {
        "event": event,
        "number": case.number,
        "external_id": case.external_id,
        "state": case.state,
        "round": case.round,
        "due_at": timezone.localtime(case.due_at).isoformat() if case.due_at else None,
        "may_evaluate": case.state in (CLOSED, ANSWERED),
        "at": timezone.localtime(now).isoformat(),
        **facts,
    }
    return Delivery(
        channel_id=case.channel_id, case=case, event=event, payload=payload, next_try_at=now, created_at=now
    )


def _due_channels(now: datetime) -> list[Channel]:
    """Return the channels to serve, those that rest left out. They are few; each is one look into the index."""
    for channel_id in [one for one, until in resting.items() if until <= now]:
        del resting[channel_id]
    waiting = Q(pk__in=Delivery.objects.filter(state=WAITING, next_try_at__lte=now).values("channel"))
    return list(Channel.objects.filter(waiting).exclude(pk__in=resting))


@transaction.atomic
def _claim(channel: Channel, now: datetime) -> tuple[Channel, list[Letter]] | None:
    """Take the channel's next messages for a while."""
    due = Delivery.objects.filter(channel=channel, state=WAITING, next_try_at__lte=now)
    rows = list(due.order_by("next_try_at", "id").select_for_update(skip_locked=True)[:BATCH])
    if not rows:
        return None
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=now + CLAIMED_FOR)
    keys = ChannelToken.objects.filter(channel=channel, revoked_at=None).order_by("-pk")[:KEYS]
    key = next((key for key in keys if key.secret), ChannelToken())
    timeout = get_parameter("callback.timeout_seconds", timezone.localdate(now))
    return channel, [
        Letter(row.pk, channel.callback_url, _body(row), key.prefix, key.secret, float(timeout)) for row in rows
    ]


def _body(row: Delivery) -> bytes:
    return json.dumps({"id": row.pk, **row.payload}, ensure_ascii=False).encode()


def _send_all(letters: list[Letter]) -> list[Result]:
    """Send one channel's letters in turn, until one finds nobody or the time is over. Runs beside the others."""
    began, done = monotonic(), []
    for letter in letters:
        done.append(_send(letter))
        if done[-1].status in RESTS or monotonic() - began > BATCH_SECONDS:
            break
    return done


def _send(letter: Letter) -> Result:
    if not letter.url:
        return Result(letter.id, 0, _("The channel has no call-back address any more."))
    if not letter.secret:
        return Result(letter.id, 0, _("The channel has no key to sign with; make a new one."))
    try:
        answer = http.post_json(letter.url, letter.body, _headers(letter), letter.timeout)
    except (http.CallFailed, BadInput) as failure:
        return Result(letter.id, 0, str(failure))
    return Result(letter.id, answer.status, "" if answer.is_ok else f"HTTP {answer.status}")


def _headers(letter: Letter) -> dict[str, str]:
    """Return who sends, which message it is, and the signature: the same as of calls to us."""
    parts, stamp, key = urlsplit(letter.url), str(int(timezone.now().timestamp())), f"delivery-{letter.id}"
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    digest = hashlib.sha256(letter.body).hexdigest()
    signature = sign(letter.secret, timestamp=stamp, method="POST", path=path, key=key, body_hash=digest)
    return {
        "X-Delivery": str(letter.id),
        "X-Key": letter.prefix,
        "Idempotency-Key": key,
        TIMESTAMP_HEADER: stamp,
        SIGNATURE_HEADER: signature,
    }


@transaction.atomic
def _close(channel: Channel, claimed: list[int], done: list[Result], now: datetime) -> None:
    """Write how it went; what was claimed but not tried is due again at once."""
    rows = Delivery.objects.filter(state=WAITING)
    arrived = [result.id for result in done if not result.error]
    rows.filter(pk__in=arrived).update(state=DELIVERED, delivered_at=now, tries=F("tries") + 1, last_error="")
    for result in done:
        if result.error:
            _put_off(result, now)
    rows.filter(pk__in=set(claimed) - {result.id for result in done}).update(next_try_at=now)
    if done and done[-1].status in RESTS and done[-1].error:
        resting[channel.pk] = now + _pause(1, now)


def _put_off(result: Result, now: datetime) -> None:
    row = Delivery.objects.select_for_update().filter(pk=result.id, state=WAITING).first()
    if row is None:
        return  # given up in the meantime
    row.tries, row.last_error = row.tries + 1, result.error[:300]
    row.next_try_at = now + _pause(row.tries, now)
    if row.tries >= get_parameter("callback.max_tries", timezone.localdate(now)):
        row.state = STUCK
    row.save(update_fields=["tries", "last_error", "next_try_at", "state"])


def _pause(tries: int, now: datetime) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time, up to a limit."""
    today = timezone.localdate(now)
    first, longest = get_parameter("callback.first_pause", today), get_parameter("callback.longest_pause", today)
    return timedelta(seconds=min(first * 2 ** min(tries - 1, 20), longest))


def _lock(delivery_id: int, by: Actor) -> Delivery:
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if delivery is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, None)
    return delivery

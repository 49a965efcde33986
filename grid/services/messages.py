"""Messages: written in the transaction of what they tell, delivered soon after, tried again until stuck.

A row is claimed for a few minutes before it is handed to a gateway, so a worker that dies leaves it to the next one;
the gateway knows it by its key and sends it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from grid import access
from grid.choices import MessageState, MessageWay
from grid.gateways import NotTaken, gateway_for
from grid.models import Message, MessageMark, MessageTemplate, Staff
from grid.signals import messages_waiting
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight
from shenzhen_gov.core.kept import kept
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import joined

from .reference import Reference, load_rows, save_row

PLACEHOLDER = re.compile(r"\{(\w+)\}")
CLAIMED_FOR = timedelta(minutes=5)
BATCH = 50
FORGOTTEN_AT_ONCE = 1_000


@dataclass(frozen=True)
class Receiver:
    """Who is told: whoever may do `act` at a unit, one member of staff, or a number or address outside."""

    unit_id: int | None = None
    act: str = ""
    user_id: int | None = None
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True)
class TemplateRow:
    """A template as the file or a form gives it."""

    key: str
    ways: list[str]
    title: str
    title_en: str
    text: str
    text_en: str
    facts: list[str]
    source: str
    is_active: bool = True


def send_message(
    template: str, to: Iterable[Receiver], *, facts: Mapping, now: datetime, link: str = "", about: str = ""
) -> int:
    """Write the messages of one event and return how many; a template taken out of use writes none.

    `facts` fill the braces of the texts, labels of vocabularies in both languages; no personal data. `about` is the
    number of what it is about. In the transaction of the event, so that nothing is told that did not happen.
    """
    pattern = _templates().get(template)
    if pattern is None or not pattern.is_active:
        return 0
    rows = [
        _row(pattern, way, receiver, facts, now, link, about)
        for receiver in to
        for way in pattern.ways
        if _reaches(way, receiver)
    ]
    Message.objects.bulk_create(rows)
    if any(row.state == MessageState.WAITING for row in rows):
        transaction.on_commit(partial(messages_waiting.send_robust, sender=Message), robust=True)
    return len(rows)


def deliver_messages(*, now: datetime, limit: int = BATCH) -> int:
    """Hand what is due to the gateways, and return how many were tried."""
    claimed = _claim(now, limit)
    for message in claimed:
        _deliver(message, now)
    return len(claimed)


@transaction.atomic
def retry_message(message_id: int, *, by: Actor, now: datetime) -> Message:
    """Send a message that is stuck, or was given up, again with all its tries before it."""
    message = _lock(message_id, by)
    if message.state not in (MessageState.STUCK, MessageState.DROPPED):
        raise IllegalMove(_("Only what is stuck or was given up is sent again."))
    message.state, message.tries, message.next_try_at = MessageState.WAITING, 0, now
    message.save(update_fields=["state", "tries", "next_try_at"])
    audit.record("message.retried", message, by=by, now=now)
    transaction.on_commit(partial(messages_waiting.send_robust, sender=Message), robust=True)
    return message


@transaction.atomic
def drop_message(message_id: int, *, by: Actor, now: datetime) -> Message:
    """Give up a message that waits or is stuck."""
    message = _lock(message_id, by)
    if message.state not in (MessageState.WAITING, MessageState.STUCK):
        raise IllegalMove(_("Only what waits or is stuck can be given up."))
    message.state = MessageState.DROPPED
    message.save(update_fields=["state"])
    audit.record("message.dropped", message, by=by, now=now)
    return message


def mark_seen(message_id: int, *, by: Actor) -> None:
    """Note up to which message somebody has looked; an older page takes nothing back."""
    if by.user is None:
        return
    mark, _created = MessageMark.objects.get_or_create(user=by.user)
    MessageMark.objects.filter(pk=mark.pk, seen_id__lt=message_id).update(seen_id=message_id)


def forget_messages(*, now: datetime) -> int:
    """Delete some of the messages older than the parameter says, and return how many."""
    before = now - timedelta(days=get_parameter("message.keep_days", timezone.localdate(now)))
    old = Message.objects.filter(created_at__lt=before).exclude(state__in=[MessageState.WAITING, MessageState.STUCK])
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    return Message.objects.filter(pk__in=ids).delete()[0] if ids else 0


@transaction.atomic
def load_message_templates(
    rows: Iterable[TemplateRow], *, overwrite: bool = False, by: Actor, now: datetime
) -> list[str]:
    """Add the templates that are missing; see `reference.load_rows`."""
    changes = load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)
    _templates.forget()
    return changes


@transaction.atomic
def save_message_template(row: TemplateRow, *, by: Actor, now: datetime) -> MessageTemplate:
    """Add or change one template."""
    saved = save_row(TABLE, row, by=by, now=now)
    _templates.forget()
    return saved


def _check(row: TemplateRow) -> None:
    """Refuse an unknown way, and a name in braces that the message does not come with."""
    if unknown := set(row.ways) - set(MessageWay.values):
        raise BadInput(_("Unknown way: %(way)s.") % {"way": joined(sorted(unknown))[:60]}, field="ways")
    for field in ("title", "title_en", "text", "text_en"):
        unknown = set(PLACEHOLDER.findall(getattr(row, field))) - set(row.facts)
        if unknown:
            text = _("{%(name)s} is no fact of this message; it has: %(facts)s.")
            raise BadInput(text % {"name": min(unknown), "facts": joined(row.facts)}, field=field)


TABLE = Reference(MessageTemplate, key="key", action="message_template.changed", label="title", check=_check)


@kept
def _templates() -> dict[str, MessageTemplate]:
    return {row.key: row for row in MessageTemplate.objects.all()}


def _reaches(way: str, receiver: Receiver) -> bool:
    inside = bool(receiver.unit_id or receiver.user_id)
    return {
        MessageWay.PORTAL: inside,
        MessageWay.SMS: bool(receiver.phone),
        MessageWay.MAIL: inside or bool(receiver.mail),
    }[MessageWay(way)]


def _row(
    template: MessageTemplate, way: str, to: Receiver, facts: Mapping, now: datetime, link: str, about: str
) -> Message:
    texts: dict[str, str] = {}
    for ending, language in (("", "zh-hans"), ("_en", "en")):
        with override(language):  # a fact may be a label of a vocabulary: it is said in both languages
            texts |= {name + ending: _filled(getattr(template, name + ending), facts) for name in ("title", "text")}
    waits = way != MessageWay.PORTAL
    return Message(
        template=template, way=way, unit_id=to.unit_id, act=to.act, user_id=to.user_id,
        address={MessageWay.SMS: to.phone, MessageWay.MAIL: to.mail}.get(MessageWay(way), ""),
        **texts, link=link, about=about[:60], created_at=now, next_try_at=now if waits else None,
        state=MessageState.WAITING if waits else MessageState.SENT, sent_at=None if waits else now,
    )  # fmt: skip


def _filled(text: str, facts: Mapping) -> str:
    """Return the text with its braces filled; what the event did not say is a dash."""
    return PLACEHOLDER.sub(lambda match: str(facts.get(match.group(1), "—"))[:100], text)


@transaction.atomic
def _claim(now: datetime, limit: int) -> list[Message]:
    due = Message.objects.filter(state=MessageState.WAITING, next_try_at__lte=now).order_by("next_try_at", "id")
    claimed = list(due.select_for_update(skip_locked=True)[:limit])
    ids = [message.pk for message in claimed]
    Message.objects.filter(pk__in=ids).update(next_try_at=now + CLAIMED_FOR)
    return claimed


def _deliver(message: Message, now: datetime) -> None:
    """Try once; what is not taken waits longer each time, and after the last try is stuck."""
    to = _addresses(message)
    try:
        if not to:
            raise NotTaken(_("Nobody there has a number or an address."))
        gateway_for(message.way).send(to, message.title, message.text, key=f"message-{message.pk}")
    except NotTaken as error:
        _postpone(message, str(error), now)
    else:
        Message.objects.filter(pk=message.pk, state=MessageState.WAITING).update(
            state=MessageState.SENT, sent_at=now, next_try_at=None, problem=""
        )


def _postpone(message: Message, why: str, now: datetime) -> None:
    day = timezone.localdate(now)
    tries = message.tries + 1
    pause = min(get_parameter("message.first_pause", day) * 2**tries, get_parameter("message.longest_pause", day))
    is_stuck = tries >= get_parameter("message.tries", day)
    Message.objects.filter(pk=message.pk, state=MessageState.WAITING).update(
        tries=tries, problem=why[:300], next_try_at=now + timedelta(seconds=pause),
        state=MessageState.STUCK if is_stuck else MessageState.WAITING,
    )  # fmt: skip


def _addresses(message: Message) -> list[str]:
    """Return where a message goes: the address it came with, else those of whom it is for."""
    if message.address:
        return [message.address]
    people = Staff.objects.filter(is_active=True).exclude(email="")
    if message.user_id:
        people = people.filter(pk=message.user_id)
    else:
        people = people.filter(pk__in=access.holders_at(message.unit_id or 0, message.act))
    return list(people.values_list("email", flat=True))


def _lock(message_id: int, by: Actor) -> Message:
    message = Message.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, message if message.unit_id else None)
    return message

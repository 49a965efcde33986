"""What each kind of message does here: always by the services that people use, as the platform's account or channel."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from dispatch.choices import ExchangeDirection, ExchangeRole, RequestKind, SupervisionReason
from dispatch.exchange.contents import actor_of
from dispatch.exchange.messages import SCORES, Message
from dispatch.models import CaseRequest, ExchangeCase, ExchangeMessage
from intake import services as intake
from intake.choices import Via
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from ..handling import record_contact, report, sign
from ..requests import ask
from ..reviewing import approve
from ..supervision import open_supervision, write_urge

Doing = Callable[[ExchangeCase, Message, datetime], CaseRequest | None]


def do(link: ExchangeCase, message: Message, now: datetime) -> CaseRequest | None:
    """Do what a message says; returns the request it made, where it made one. Raises the refusal of the service."""
    return DOING[link.role, message.kind](link, message, now)


def _sign(link: ExchangeCase, message: Message, now: datetime) -> None:
    sign(link.order.pk, by=actor_of(link), now=now)


def _notify(link: ExchangeCase, message: Message, now: datetime) -> None:
    given = message.body
    record_contact(
        link.order.pk, way=given["way"], result=given["result"], note=given.get("note", ""), by=actor_of(link),
        now=now,
    )  # fmt: skip


def _ask_return(link: ExchangeCase, message: Message, now: datetime) -> CaseRequest:
    return ask(link.order.pk, kind=RequestKind.RETURN, reason=message.body["reason"], by=actor_of(link), now=now)


def _ask_extension(link: ExchangeCase, message: Message, now: datetime) -> CaseRequest:
    return ask(
        link.order.pk, kind=RequestKind.EXTEND, reason=message.body["reason"],
        value={"until": message.body["until"]}, by=actor_of(link), now=now,
    )  # fmt: skip


def _done(link: ExchangeCase, message: Message, now: datetime) -> None:
    """Report it done. The platform reviews its own reports: reviews within its unit are passed with it."""
    given, by = message.body, actor_of(link)
    photos = [(file["kind"], _file(file, place)) for place, file in enumerate(given.get("files", []))]
    order = link.order
    report(order.pk, text=given["text"], told_way=given.get("told_way", ""), photos=photos, by=by, now=now)
    order.refresh_from_db()
    while order.review_unit is not None and order.review_unit.path.startswith(link.peer.unit.path):
        approve(order.pk, by=by, now=now)
        order.refresh_from_db()


def _review(link: ExchangeCase, message: Message, now: datetime) -> None:
    """Take the verdict of the one who reported the case. Sent back means: to be done again, as a new round."""
    given = message.body
    if given["verdict"] == "approved":
        _note(link, "exchange.approved", now, given.get("opinion", ""))
        return
    if not given.get("opinion", "").strip():
        raise BadInput(_("Write what is still to be done."), field="opinion")
    case = intake.lock_case(link.case_id, by=actor_of(link))
    facts = {"reason": given.get("reason", ""), "unit": str(link.peer)}
    by = Actor.system("exchange")
    intake.move_case(case, "redo", action="case.redone", by=by, now=now, changes=facts, note=given["opinion"])


def _evaluate(link: ExchangeCase, message: Message, now: datetime) -> None:
    given = message.body
    scores = intake.Scores(
        given["overall"], text=given.get("text", ""), **{name: given[name] for name in SCORES if name in given}
    )
    intake.evaluate_case(link.case_id, scores, via=Via.CHANNEL, by=Actor.channel(link.peer.channel), now=now)


def _withdraw(link: ExchangeCase, message: Message, now: datetime) -> CaseRequest | None:
    """Withdraw the case; what a unit works on already is voided when the level above it agrees, and answered then."""
    by, reason, state = Actor.channel(link.peer.channel), message.body["reason"], link.case.state
    intake.withdraw_case(link.case_id, reason=reason, via=Via.CHANNEL, by=by, now=now)
    if state in CASE.moves["withdraw"].from_states or state not in CASE.moves["ask_void"].from_states:
        return None
    return ask(None, case_id=link.case_id, kind=RequestKind.VOID, reason=reason, by=by, now=now)


def _close(link: ExchangeCase, message: Message, now: datetime) -> None:
    _note(link, "exchange.closed", now, message.body.get("note", ""))


def _urge(link: ExchangeCase, message: Message, now: datetime) -> None:
    """Urge the case here: whoever has it sees so."""
    by = actor_of(link)
    case = intake.lock_case(link.case_id, by=by)
    write_urge(case, message.body["text"], by=by, now=now, action="exchange.urged", platform=str(link.peer))


def _supervise(link: ExchangeCase, message: Message, now: datetime) -> None:
    """Supervise the case here; when it is supervised already, the words stand in its timeline."""
    text, due_text = message.body["text"], message.body.get("due_at")
    by, due_at = actor_of(link), datetime.fromisoformat(due_text) if due_text else None
    case = intake.lock_case(link.case_id, by=by)
    if case.supervisions.filter(ended_at=None).exists() or (due_at is not None and due_at <= now):
        _note(link, "exchange.supervised", now, text, due_at=due_text)
        return
    reason, told = SupervisionReason.EXCHANGE, {"action": "exchange.supervised", "platform": str(link.peer)}
    open_supervision(case, text, due_at, reason, by=by, now=now, **told)


def _decided(link: ExchangeCase, message: Message, now: datetime) -> None:
    """Note the answer to something we asked."""
    asked = ExchangeMessage.objects.filter(
        exchange_case=link, direction=ExchangeDirection.OUT, message_id=message.body["request"]
    )
    if not asked.exists():
        raise BadInput(_("No such request was made."), field="request")
    action = "exchange.agreed" if message.body["agreed"] else "exchange.declined"
    _note(link, action, now, message.body.get("opinion", ""))


def _note(link: ExchangeCase, action: str, now: datetime, note: str, **facts) -> None:
    """Write into the case's timeline what the platform said; nothing else changes."""
    facts = {"unit": str(link.peer), **{name: value for name, value in facts.items() if value}}
    audit.record(action, link.case, by=actor_of(link), now=now, changes=facts, note=note)


def _file(given: dict, place: int) -> SimpleUploadedFile:
    try:
        return SimpleUploadedFile(given["name"], base64.b64decode(given["content"], validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadInput(_("File %(number)s is not in base64.") % {"number": place + 1}, field="files") from error


OWNER, HANDLER = ExchangeRole.OWNER.value, ExchangeRole.HANDLER.value
# (what we are, kind) → what is done
DOING: dict[tuple[str, str], Doing] = {
    (OWNER, "sign"): _sign,
    (OWNER, "notify"): _notify,
    (OWNER, "return"): _ask_return,
    (OWNER, "extend"): _ask_extension,
    (OWNER, "done"): _done,
    (OWNER, "decide"): _decided,
    (HANDLER, "review"): _review,
    (HANDLER, "close"): _close,
    (HANDLER, "evaluate"): _evaluate,
    (HANDLER, "urge"): _urge,
    (HANDLER, "supervise"): _supervise,
    (HANDLER, "void"): _withdraw,
    (HANDLER, "decide"): _decided,
}

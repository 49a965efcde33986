"""What other platforms must be told: rows written in the transaction of the move that made it true.

Where no platform is set up, or the case concerns none, nothing is asked of the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import ExchangeDirection, ExchangeRole, ExchangeState, WorkRole
from dispatch.exchange.contents import evaluation_body, fit, report_body
from dispatch.models import CaseRequest, ExchangeCase, ExchangeMessage, Peer, Report, WorkOrder
from dispatch.signals import messages_waiting
from dispatch.workflow import DONE
from grid.models import Unit
from intake.models import Case, Evaluation, Supplement
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, Actor
from shenzhen_gov.core.kept import kept


@kept
def peers() -> list[Peer]:
    """Return the platforms in use with their units, the narrowest first."""
    return sorted(Peer.objects.filter(is_active=True).select_related("unit"), key=lambda peer: -len(peer.unit.path))


def peer_of_unit(unit: Unit) -> Peer | None:
    """Return the platform that works for `unit`: that of the unit itself, else of one above it."""
    return next((peer for peer in peers() if unit.path.startswith(peer.unit.path)), None)


def tell_assigned(orders: Sequence[WorkOrder], *, now: datetime) -> None:
    """Hand new work orders of a platform's units over to it; what it was handed above stays one matter."""
    given = [(order, peer) for order in orders if peers() and (peer := _receiver(order))]
    if not given:
        return
    prefetch_related_objects([order.case for order, _peer in given], "area", "item_version__item")
    links = ExchangeCase.objects.bulk_create([
        ExchangeCase(
            peer=peer, case=order.case, work_order=order, role=ExchangeRole.OWNER, number=order.number, sent_seq=1,
            opened_at=now,
        )
        for order, peer in given
    ])  # fmt: skip
    ExchangeMessage.objects.bulk_create([_row(link, "report", report_body(link.order), 1, now) for link in links])
    entries = [
        audit.Record("exchange.handed_over", link.case, {"to": str(link.peer), "work_order": link.number})
        for link in links
    ]
    audit.record_many(entries, by=Actor.system("exchange"), now=now)
    wake()


def tell_step(order: WorkOrder, action: str, *, by: Actor, now: datetime, note: str = "", facts: Mapping) -> None:
    """Tell a step of a work order: reviews to the platform that reported it done, signing to the one that waits."""
    if not peers():
        return
    if action in REVIEWS and (peer := peer_of_unit(order.unit)) and not _is_own(peer, by):
        body = {"verdict": REVIEWS[action], "reason": facts.get("reason"), "opinion": note}
        for link in ExchangeCase.objects.filter(work_order=order):
            tell(link, "review", body, now=now)
    elif action in PROGRESS and order.case.channel_id in {peer.channel_id for peer in peers()}:
        kind = PROGRESS[action]
        if kind == "sign" and order.parent_id is not None:
            return
        for link in ExchangeCase.objects.filter(case=order.case, role=ExchangeRole.HANDLER):
            tell(link, kind, {"way": facts.get("way"), "result": facts.get("result"), "note": note}, now=now)


def tell_recalled(orders: Sequence[WorkOrder], *, notes: Mapping[int, str], now: datetime) -> None:
    """Tell the platforms that had these work orders that they were taken back."""
    concerned = [order.pk for order in orders if peers() and peer_of_unit(order.unit)]
    for link in ExchangeCase.objects.filter(work_order__in=concerned) if concerned else ():
        tell(link, "void", {"reason": notes.get(link.case_id) or _taken_back()}, now=now)


def tell_moved(case: Case, move: str, *, by: Actor, now: datetime, note: str = "") -> None:
    """Tell the end of a case: to those who work on it, and to the one who waits for it."""
    if move not in {*ENDS_FOR_HANDLERS, *ENDS_FOR_OWNERS} or not peers():
        return
    for link in ExchangeCase.objects.filter(case=case).select_related("work_order"):
        if link.role == ExchangeRole.OWNER and move in ENDS_FOR_HANDLERS:
            if move != "close" or link.order.state == DONE:
                tell(link, ENDS_FOR_HANDLERS[move], {"note": note, "reason": note or _taken_back()}, now=now)
        elif link.role == ExchangeRole.HANDLER and move in ENDS_FOR_OWNERS and by.kind != CHANNEL:
            tell(link, ENDS_FOR_OWNERS[move], {**_result(case, note), "reason": note or _taken_back()}, now=now)


def tell_evaluated(evaluation: Evaluation, *, now: datetime) -> None:
    """Pass an evaluation on to the platforms that finished the round it is about."""
    if not peers():
        return
    done = ExchangeCase.objects.filter(case_id=evaluation.case_id, role=ExchangeRole.OWNER, work_order__state=DONE)
    for link in done.filter(work_order__round=evaluation.round):
        tell(link, "evaluate", evaluation_body(evaluation), now=now)


def tell_case(case: Case, kind: str, body: dict, *, now: datetime, request: CaseRequest | None = None) -> int:
    """Tell everybody whose role in the case makes them the receiver of `kind`; returns how many were told."""
    if not peers():
        return 0
    links = list(_receivers(case, kind))
    for link in links:
        tell(link, kind, body, now=now, request=request)
    return len(links)


def tell_supplement(supplement: Supplement, *, now: datetime) -> None:
    """Pass on what a citizen adds, asks or takes back while a platform handles the case.

    It goes as an `urge`, the one message that says something to the handler and moves nothing.
    """
    with override(settings.LANGUAGE_CODE):
        said = f"{supplement.get_kind_display()}: {supplement.text}".rstrip(": ")
    tell_case(supplement.case, "urge", {"text": said}, now=now)


def tell_decision(request: CaseRequest, *, agreed: bool, opinion: str = "", now: datetime) -> bool:
    """Answer a request that came from a platform; False when it came from nobody else's."""
    asked = ExchangeMessage.objects.filter(request=request, direction=ExchangeDirection.IN).first()
    if asked is None:
        return False
    body = {"request": str(asked.message_id), "agreed": agreed, "opinion": opinion}
    tell(asked.exchange_case, "decide", body, now=now)
    return True


def tell(
    link: ExchangeCase, kind: str, body: dict, *, now: datetime, request: CaseRequest | None = None
) -> ExchangeMessage:
    """Write one message to a platform, the next in its conversation."""
    ExchangeCase.objects.filter(pk=link.pk).update(sent_seq=F("sent_seq") + 1)  # locks the row until the commit
    link.refresh_from_db(fields=["sent_seq"])
    message = _row(link, kind, fit(kind, body), link.sent_seq, now)
    message.request = request
    message.save(force_insert=True)
    wake()
    return message


REVIEWS = {
    "work_order.approved": "approved",
    "work_order.sent_back": "sent_back",
    "work_order.part_accepted": "approved",
    "work_order.part_refused": "sent_back",
}
PROGRESS = {"work_order.signed": "sign", "work_order.contacted": "notify"}
# move of a case → what those who work on it are told, and what the one who waits for it is told
ENDS_FOR_HANDLERS = {"close": "close", "void": "void"}
ENDS_FOR_OWNERS = {"close": "done", "answer": "done", "refuse": "return", "void": "return", "withdraw": "return"}
FROM_HANDLER = ("sign", "notify", "return", "extend", "done")


def _receiver(order: WorkOrder) -> Peer | None:
    """Return the platform that a new work order goes to; None where it has the one above already."""
    peer = peer_of_unit(order.unit)
    has_parent = peer is not None and order.parent is not None and peer_of_unit(order.parent.unit) == peer
    return None if has_parent else peer


def _receivers(case: Case, kind: str) -> QuerySet[ExchangeCase]:
    links = ExchangeCase.objects.filter(case=case)
    if kind in FROM_HANDLER:
        return links.filter(role=ExchangeRole.HANDLER)
    return links.filter(role=ExchangeRole.OWNER, work_order__ended_at=None)


def _result(case: Case, note: str) -> dict:
    """Return what was done on a case, for the platform that asked for it."""
    last = Report.objects.filter(work_order__case=case, work_order__role=WorkRole.LEAD).order_by("-id").first()
    return {"text": last.text if last else note or "—", "told_way": last.told_way if last else ""}


def _row(link: ExchangeCase, kind: str, body: dict, seq: int, now: datetime) -> ExchangeMessage:
    return ExchangeMessage(
        peer_id=link.peer_id, exchange_case=link, direction=ExchangeDirection.OUT, message_id=uuid.uuid4(), seq=seq,
        kind=kind, at=now, body=body, state=ExchangeState.WAITING, next_try_at=now, created_at=now,
    )  # fmt: skip


def _is_own(peer: Peer, by: Actor) -> bool:
    """Whether the platform itself took the step: it is not told what it said."""
    return by.user is not None and by.user.pk == peer.account_id


def _taken_back() -> str:
    """Return the reason where nobody wrote one, in the language platforms talk to each other."""
    with override(settings.LANGUAGE_CODE):
        return _("Taken back")


def wake() -> None:
    """After the commit, call the worker that sends what waits."""
    transaction.on_commit(partial(messages_waiting.send_robust, sender=ExchangeMessage), robust=True)

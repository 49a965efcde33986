"""What our messages say: bodies made of our rows, fitted to the message set."""

from __future__ import annotations

from dispatch.models import ExchangeCase, ExchangeMessage, WorkOrder
from intake.models import Case, Evaluation
from shenzhen_gov.core.actor import Actor

from .messages import KINDS, SCORES, Message


def fit(kind: str, given: dict) -> dict:
    """Return a body without empty fields, its texts no longer than the message set allows."""
    body = {}
    for field in KINDS[kind].fields:
        value = given.get(field.name)
        if value is None or value == "":
            continue
        body[field.name] = _shortened(value, field.limit) if field.type == "text" else value
    return body


def report_body(order: WorkOrder) -> dict:
    """Return what the platform that is to handle a work order needs to know; never who asked."""
    case, version = order.case, order.case.item_version
    return fit("report", {
        "content": case.content, "title": case.title, "request_type": case.request_type, "urgency": case.urgency,
        "wish": case.wish, "area": case.area.code if case.area else "", "address": case.address,
        "house_code": case.house_code, "longitude": case.longitude, "latitude": case.latitude,
        "item": version.item.code if version else "", "item_path": version.path_text if version else "",
        "due_at": case.due_at.isoformat() if case.due_at else None,
    })  # fmt: skip


def evaluation_body(evaluation: Evaluation) -> dict:
    """Return the scores of one round."""
    given = {name: getattr(evaluation, name) for name in ("overall", *SCORES)}
    return fit("evaluate", {**given, "text": evaluation.text})


def may_name_caller(link: ExchangeCase) -> bool:
    """Whether the peer is told who asked: agreed with a purpose, and the case is not confidential."""
    case = link.case
    return bool(link.peer.identity_purpose) and case.citizen is not None and not case.is_confidential


def caller_of(case: Case, purpose: str) -> dict:
    """Return who asked, for the moment of sending only."""
    citizen = case.citizen
    caller = {"name": citizen.name, "phone": citizen.phone, "purpose": purpose} if citizen else {}
    return {name: value for name, value in caller.items() if value}


def envelope(row: ExchangeMessage, after: int) -> Message:
    """Return the message of a row as it goes over now; `after` is the last one that arrived before it."""
    link, body = row.exchange_case, row.body
    if row.kind == "report" and may_name_caller(link):
        body = {**body, "caller": caller_of(link.case, link.peer.identity_purpose)}
    return Message(
        id=str(row.message_id), kind=row.kind, number=link.number, peer_number=link.peer_number, seq=row.seq,
        after=after, at=row.at.isoformat(), body=body,
    )  # fmt: skip


def actor_of(link_or_peer) -> Actor:
    """Return the peer as an actor: its account, which holds a role at its unit."""
    peer = getattr(link_or_peer, "peer", link_or_peer)
    return Actor.staff(peer.account)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"

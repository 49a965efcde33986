"""What an agent's desk shows beside the form: drafts with their calls, standard texts, the own seat."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from intake.choices import CallState
from intake.models import CaseDraft, Seat, StandardText
from intake.services.citizens import find_by_phone, normal_phone
from shenzhen_gov.core.exceptions import BadInput

from .assist import assist
from .knowledge import search_articles
from .similar import find_similar


def desk_drafts(user) -> QuerySet[CaseDraft]:
    """Return somebody's own drafts with their calls, oldest first; nobody else's exist for them."""
    return CaseDraft.objects.filter(owner_id=user.pk).select_related("call")


def get_draft(user, key: str) -> CaseDraft | None:
    """Return one of somebody's own drafts, or None."""
    return desk_drafts(user).filter(key=key).first()


def pulse_drafts(user) -> list[dict]:
    """Return how the own drafts stand, without what is written in them: one statement, nothing decrypted."""
    columns = ("key", "label", "revision", "call__state", "call__rang_at", "call__answered_at", "call__ended_at")
    return [_beat(*row) for row in CaseDraft.objects.filter(owner_id=user.pk).order_by("pk").values_list(*columns)]


def draft_as_data(draft: CaseDraft) -> dict:
    """Return a draft with what is written in it, for its owner's page."""
    call = draft.call
    times = (call.state, call.rang_at, call.answered_at, call.ended_at) if call else (None, None, None, None)
    fields = json.loads(draft.fields) if draft.fields else {}
    return {**_beat(draft.key, draft.label, draft.revision, *times), "fields": fields}


def standard_texts() -> list:
    """Return the standard texts in use, in the order they are offered."""
    return list(StandardText.objects.filter(is_active=True).values("code", "kind", "title", "text"))


def get_extension(user) -> str:
    """Return the extension somebody sits at, or an empty text."""
    return Seat.objects.filter(staff_id=user.pk).values_list("extension", flat=True).first() or ""


def _beat(
    key: str,
    label: str,
    revision: int,
    state: str | None,
    rang_at: datetime | None,
    answered_at: datetime | None,
    ended_at: datetime | None,
) -> dict:
    """Return a tab: `since` is when its call entered the state it is in, in seconds of the epoch."""
    begun: dict[str | None, datetime | None] = {CallState.RINGING: rang_at, CallState.TALKING: answered_at or rang_at}
    since = begun.get(state, ended_at)
    return {
        "key": key,
        "label": label,
        "revision": revision,
        "call": state or "",
        "since": int(since.timestamp()) if since else 0,
    }


def while_typing(user, *, phone: str, now: datetime, **given: str) -> dict:
    """Return what fits the text so far: `assist` (place, duty items), `similar` cases, `articles` that answer it."""
    today = timezone.localdate(now)
    found = assist(**given, today=today)
    item_id = found.version.item_id if found.version else None
    similar = find_similar(
        user, text=given["content"], item_id=item_id, area=found.area, now=now, citizens=_citizens(phone)
    )
    articles = search_articles(given["content"], item_id=item_id, area=found.area, on=today)
    return {"assist": found, "similar": similar, "articles": articles}


def _citizens(phone: str) -> list[int]:
    """Return the ids of everybody known with a number; half a number is nobody's."""
    try:
        return [citizen.pk for citizen in find_by_phone(normal_phone(phone))]
    except BadInput:
        return []

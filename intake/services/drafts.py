"""Drafts of cases: what an agent typed and did not send yet, kept on the server a moment after the last key.

A draft's key is the idempotency key its case will be registered with, so a draft becomes one case and then is gone.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.limits import CONTENT_LIMIT
from intake.models import Call, CaseDraft
from shenzhen_gov.core.actor import STAFF, Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.masking import mask_phone
from shenzhen_gov.core.parameters import get_parameter

from .citizens import normal_phone
from .idempotency import was_used

KEY = re.compile(r"[0-9a-f]{32}")
LABEL_WORDS = 12  # characters of the content that name a tab
FINISH = """
WITH gone AS (DELETE FROM intake_casedraft WHERE key = %s AND owner_id = %s RETURNING call_id)
UPDATE intake_call SET case_id = %s WHERE id IN (SELECT call_id FROM gone)
"""


@dataclass(frozen=True)
class SavedDraft:
    """A draft as it stands; `is_stale` says that it is not what was sent but something newer."""

    draft: CaseDraft
    is_stale: bool


@transaction.atomic
def save_draft(key: str, fields: Mapping[str, str], *, revision: int, by: Actor, now: datetime) -> SavedDraft:
    """Keep what was typed. `revision` is that of the draft it was typed into, 0 for a new one.

    When the draft is newer than that (another machine), nothing is written and the newer one is returned. Raises
    OutOfSight when the draft is gone (its case is registered, or it was discarded), BadInput naming the field.
    """
    _require(by)
    _check(key, fields)
    draft = CaseDraft.objects.select_for_update().filter(key=key).first()
    if draft is None and (revision or was_used(key, by)):
        raise OutOfSight(_("This draft is gone: its case was registered, or it was discarded."))
    if draft is None:
        draft = _new(key, by, now)
    elif draft.owner_id != by.id:
        raise OutOfSight(_("Not found."))
    elif draft.revision != revision:
        return SavedDraft(draft, is_stale=True)
    draft.fields = json.dumps(dict(fields), ensure_ascii=False)
    draft.label, draft.revision, draft.saved_at = _label(fields), draft.revision + 1, now
    draft.save()
    return SavedDraft(draft, is_stale=False)


@transaction.atomic
def discard_draft(key: str, *, by: Actor, now: datetime) -> None:
    """Throw a draft away; one that is gone already is no error."""
    _require(by)
    CaseDraft.objects.filter(key=key, owner_id=by.id).delete()


def finish_draft(key: str | None, case_id: int, by: Actor) -> None:
    """In the transaction that registers its case: end the draft with this key, and tie its call to the case."""
    if key is None or by.kind != STAFF:
        return
    with connection.cursor() as cursor:
        cursor.execute(FINISH, [key, by.id, case_id])


def open_call_draft(call: Call, now: datetime) -> None:
    """Give the agent of a call a draft to write in. Handed over, a call leaves what the first agent typed with them."""
    CaseDraft.objects.filter(call=call).exclude(owner_id=call.agent_id).update(call=None)
    fields = {"phone": call.phone, "channel": call.channel.code}
    given = {
        "key": uuid.uuid4().hex,
        "label": mask_phone(call.phone) or _("Number withheld"),
        "fields": json.dumps(fields),
        "created_at": now,
        "saved_at": now,
    }
    CaseDraft.objects.get_or_create(call=call, owner_id=call.agent_id, defaults=given)


def drop_call_draft(call: Call) -> None:
    """Take back the draft of a call nobody answered, unless something was typed into it."""
    CaseDraft.objects.filter(call=call, revision=0).delete()


def expire_drafts(*, today: date) -> int:
    """Delete the drafts nobody touched for the days of the parameter; returns how many."""
    start = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    before = start - timedelta(days=get_parameter("draft.keep_days", today))
    return CaseDraft.objects.filter(saved_at__lt=before).delete()[0]


def _require(by: Actor) -> None:
    if by.user is None or not access.holds(by.user, Act.REGISTER_CASE):
        raise NotAllowed(_("Your roles here do not include: %(acts)s.") % {"acts": Act.REGISTER_CASE.label})


def _check(key: str, fields: Mapping[str, str]) -> None:
    if not KEY.fullmatch(key):
        raise BadInput(_("This is no key of a draft."), field="key")
    for name, value in fields.items():
        if len(value) > CONTENT_LIMIT:
            raise BadInput(_("At most %(limit)s characters.") % {"limit": CONTENT_LIMIT}, field=name)


def _new(key: str, by: Actor, now: datetime) -> CaseDraft:
    most = get_parameter("draft.most", timezone.localdate(now))
    if CaseDraft.objects.filter(owner_id=by.id).count() >= most:
        raise Refused(_("You have %(most)s drafts open: register or discard one first.") % {"most": most})
    return CaseDraft(owner=by.user, key=key, created_at=now)


def _label(fields: Mapping[str, str]) -> str:
    """Return what a tab is called: the masked number, else the first words."""
    try:
        phone = mask_phone(normal_phone(fields.get("phone", "")))
    except BadInput:
        phone = ""
    words = " ".join(fields.get("content", "").split()).replace("\0", "")
    return phone or words[:LABEL_WORDS]

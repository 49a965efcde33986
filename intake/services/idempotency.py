"""The same command twice is one command: whoever holds the key gets the case that the first one made."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from intake.limits import KEY_LIMIT
from intake.models import Case, IdempotencyKey
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

FIELD = "Idempotency-Key"
CLAIM = """
INSERT INTO intake_idempotencykey (owner, key, request_hash, case_id, created_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (owner, key) DO NOTHING
"""


class KeyReused(Refused):
    """The key was used for another request before."""

    code = "idempotency_key_reused"


def claim(key: str, data, case_id: int, *, by: Actor, now: datetime) -> Case | None:
    """Take `key` for the case about to be made; return the case it already led to, or None when it is new.

    A twin that is under way at this moment is waited for. Raises KeyReused when the key belongs to another request.
    """
    if not (0 < len(key) <= KEY_LIMIT and key.isascii() and key.isprintable()):
        raise BadInput(_("1 to %(limit)s printable ASCII characters are needed.") % {"limit": KEY_LIMIT}, field=FIELD)
    owner, digest = f"{by.kind}:{by.id or by.name}", _digest(data)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [owner, key, digest, case_id, now])
        if cursor.rowcount:
            return None
    earlier = IdempotencyKey.objects.select_related("case").get(owner=owner, key=key)
    if earlier.request_hash != digest:
        text = _("The key “%(key)s” was already used for another request, which became case %(number)s.")
        raise KeyReused(text % {"key": key, "number": earlier.case}, field=FIELD)
    return earlier.case


def _digest(data) -> str:
    """Return what tells one request from another."""
    return hashlib.sha256(json.dumps(asdict(data), sort_keys=True, default=str).encode()).hexdigest()

"""The same command twice is one command: whoever holds the key gets the case that the first one made."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import connection, transaction
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
    earlier = _claim(key, _digest(vars(data)), case_id, by, now)
    return earlier.case if earlier else None


def was_used(key: str, by: Actor) -> bool:
    """Return whether a command of this actor took the key already."""
    return IdempotencyKey.objects.filter(owner=_owner(by), key=key).exists()


@transaction.atomic
def answer_once(
    key: str, given: Mapping, command: Callable[[], dict], *, by: Actor, now: datetime
) -> tuple[dict, bool]:
    """Carry out a command that makes no case, once: return its answer (JSON), and whether this call carried it out.

    `given` tells this command from any other: its name, its case, what it says. The same key again answers with the
    first answer; a command that was refused leaves its key free. Raises KeyReused as `claim` does.
    """
    earlier = _claim(key, _digest(dict(given)), None, by, now)
    if earlier is not None:
        return earlier.answer or {}, False
    answer = command()
    IdempotencyKey.objects.filter(owner=_owner(by), key=key).update(answer=answer)
    return answer, True


def _claim(key: str, digest: str, case_id: int | None, by: Actor, now: datetime) -> IdempotencyKey | None:
    """Take the key and return None, or what it was taken for before."""
    if not (0 < len(key) <= KEY_LIMIT and key.isascii() and key.isprintable()):
        raise BadInput(_("1 to %(limit)s printable ASCII characters are needed.") % {"limit": KEY_LIMIT}, field=FIELD)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [_owner(by), key, digest, case_id, now])
        if cursor.rowcount:
            return None
    earlier = IdempotencyKey.objects.select_related("case").get(owner=_owner(by), key=key)
    if earlier.request_hash != digest:
        raise _reused(earlier)
    return earlier


def _reused(earlier: IdempotencyKey) -> KeyReused:
    if earlier.case is None:
        text = _("The key “%(key)s” was already used for another request.") % {"key": earlier.key}
    else:
        text = _("The key “%(key)s” was already used for another request, which became case %(number)s.")
        text %= {"key": earlier.key, "number": earlier.case}
    return KeyReused(text, field=FIELD)


def _owner(by: Actor) -> str:
    return f"{by.kind}:{by.id or by.name}"


def _digest(data: dict) -> str:
    """Return what tells one request from another."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()

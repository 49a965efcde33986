"""查询接口: a person, house or firm looked up by its code, for a stated purpose. Every look-up is an entry.

The entry is written before the register is asked, in a transaction of its own: who looked and why is known even when
nobody answers. The answer goes to the page and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.services.reference import Reference, load_rows, save_row
from intake.choices import LookupKind, LookupMask, LookupOutcome
from intake.models import Case, LookupConnector, LookupUse
from intake.signatures import KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.crypto import blind_index
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused
from shenzhen_gov.core.http import CallFailed, check_url, post_json
from shenzhen_gov.core.masking import mask_name, mask_phone
from shenzhen_gov.core.texts import checked_text, joined

from .tallies import Budget, spend

TABLE = Reference(LookupConnector, key="code", action="lookup_connector.changed", label="name")
LOOKUPS_OF_PERSON = Budget("lookup.per_person_hour", 3600)
PURPOSE_LENGTH = range(4, 201)
ANSWER_LIMIT, VALUE_LIMIT = 64 * 1024, 300
# What a code looks like: identity number, house code, unified social credit code (GB 32100).
CODES = {
    LookupKind.PERSON: re.compile(r"[0-9]{17}[0-9X]"),
    LookupKind.HOUSE: re.compile(r"[0-9]{14}[0-9A-Z]{5}([0-9]{6})?"),
    LookupKind.FIRM: re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}"),
}


@dataclass(frozen=True)
class ConnectorRow:
    """A connector as the file or a form gives it."""

    code: str
    name: str
    name_en: str
    kind: str
    url: str
    key_name: str
    shown: list
    seconds: int
    source: str
    is_active: bool = False


@dataclass(frozen=True)
class Found:
    """What a register answered, as it may be shown: (label, masked value); empty where it knows nothing."""

    use: LookupUse
    fields: list[tuple[str, str]]


@transaction.atomic
def load_lookup_connectors(
    rows: Iterable[ConnectorRow], *, overwrite: bool = False, by: Actor, now: datetime
) -> list[str]:
    """Add the connectors that are missing; see `reference.load_rows`."""
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_lookup_connector(row: ConnectorRow, *, by: Actor, now: datetime) -> LookupConnector:
    """Add or change a connector. Raises BadInput for an address that must not be called, or fields it cannot show."""
    check_url(row.url)
    check_shown(row.shown)
    return save_row(TABLE, row, by=by, now=now)


def check_shown(shown: object) -> None:
    """Raise BadInput unless `shown` is a list of name, label, English label and mask."""
    if not isinstance(shown, list) or not shown or len(shown) > 30:
        raise BadInput(_("List 1 to 30 fields."), field="shown")
    for number, one in enumerate(shown, 1):
        whole = isinstance(one, list) and len(one) == 4 and all(isinstance(part, str) and part for part in one)
        if not whole or one[3] not in LookupMask.values:
            text = _("Field %(number)s: give name, label, English label and one of the masks %(masks)s.")
            raise BadInput(text % {"number": number, "masks": joined(LookupMask.values)}, field="shown")


def look_up(connector: str, subject: str, *, purpose: str, case: str = "", by: Actor, now: datetime) -> Found:
    """Ask a register about one code. `case` is the number of the case it is for, if any.

    Raises BadInput naming the field, NotAllowed, OutOfSight, TooMany, or Refused when the register does not answer.
    """
    use = _note(connector, subject, purpose, case, by, now)
    found, outcome = None, LookupOutcome.FAILED
    try:
        found = _ask(use.connector, _clean(use.connector, subject))
        outcome = LookupOutcome.FOUND if found else LookupOutcome.NONE
    finally:
        _end(use, outcome, by, now)
    return Found(use, _shown(use.connector, found or {}))


@transaction.atomic
def _note(code: str, subject: str, purpose: str, number: str, by: Actor, now: datetime) -> LookupUse:
    """Check everything that can be checked here, and write down who asks what for."""
    case = _case(number, by)
    if by.user is None or (case is None and not access.holds(by.user, Act.VIEW_IDENTITY)):
        raise access.lacking(Act.VIEW_IDENTITY)
    connector = LookupConnector.objects.filter(code=checked_text(code, 40, field="connector"), is_active=True).first()
    if connector is None:
        raise BadInput(_("Choose a register that is in use."), field="connector")
    purpose = checked_text(purpose, PURPOSE_LENGTH[-1], field="purpose")
    if len(purpose) not in PURPOSE_LENGTH:
        raise BadInput(_("Say in 4 to 200 characters what you need it for."), field="purpose")
    subject = _clean(connector, subject)
    spend(LOOKUPS_OF_PERSON, str(by.user.pk), now=now)
    use = LookupUse(
        connector=connector, staff=by.user, case=case, purpose=purpose, asked_at=now,
        subject=mask_number(subject), subject_index=blind_index(f"lookup:{connector.kind}:{subject}"),
    )  # fmt: skip
    use.save(force_insert=True)
    facts = {"connector": connector.code, "subject": use.subject, "use": use.pk}
    audit.record("lookup.asked", case or use, by=by, now=now, changes=facts, note=purpose)
    return use


@transaction.atomic
def _end(use: LookupUse, outcome: LookupOutcome, by: Actor, now: datetime) -> None:
    use.outcome = outcome
    use.save(update_fields=["outcome"])
    audit.record("lookup.answered", use.case or use, by=by, now=now, changes={"use": use.pk, "outcome": outcome.value})


def _case(number: str, by: Actor) -> Case | None:
    if not number:
        return None
    number = checked_text(number, 24, field="case")
    case = Case.objects.select_related("area", "holder").filter(number=number).first()
    if case is None:
        raise OutOfSight(_("Not found."))
    access.require(by, Act.VIEW_IDENTITY, case)
    return case


def _clean(connector: LookupConnector, subject: str) -> str:
    code = unicodedata.normalize("NFKC", subject).strip().upper()
    if not CODES[LookupKind(connector.kind)].fullmatch(code):
        raise BadInput(
            _("This is no code of that kind: %(kind)s.") % {"kind": connector.get_kind_display()}, field="subject"
        )
    return code


def _ask(connector: LookupConnector, subject: str) -> dict | None:
    """Return the fields of the answer, None where the register knows nothing. Raises Refused without an answer."""
    key = os.environ.get(connector.key_name, "")
    if not key:
        raise Refused(_("The key of this register is not set up on the server (%(name)s).") % {
            "name": connector.key_name})  # fmt: skip
    body = json.dumps({"kind": connector.kind, "code": subject}).encode()
    parts = urlsplit(connector.url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    stamp, once = str(int(time.time())), uuid.uuid4().hex
    signature = sign(
        key, timestamp=stamp, method="POST", path=path, key=once, body_hash=hashlib.sha256(body).hexdigest()
    )
    headers = {TIMESTAMP_HEADER: stamp, SIGNATURE_HEADER: signature, KEY_HEADER: once}
    try:
        answer = post_json(connector.url, body, headers, timeout=connector.seconds, limit=ANSWER_LIMIT)
    except CallFailed as error:
        raise Refused(_("The register did not answer; please try again later.")) from error
    if answer.status == 404:
        return None
    told = answer.json()
    if not answer.is_ok or not isinstance(told.get("fields"), dict):
        raise Refused(_("The register refused to answer (%(status)s).") % {"status": answer.status})
    return told["fields"]


def _shown(connector: LookupConnector, fields: dict) -> list[tuple[str, str]]:
    is_chinese = (get_language() or "").startswith("zh")
    found = []
    for name, label, label_en, mask in connector.shown:
        value = fields.get(name)
        if isinstance(value, str | int | float) and str(value) != "":
            found.append((label if is_chinese else label_en, MASKS[mask](str(value)[:VALUE_LIMIT])))
    return found


def mask_number(number: str) -> str:
    """Return 4403**********1234 for an identity number or code: the first four and the last four characters at most."""
    shown = min(4, len(number) // 4)
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]


MASKS: dict[str, Callable[[str], str]] = {
    LookupMask.PLAIN.value: str,
    LookupMask.NAME.value: mask_name,
    LookupMask.PHONE.value: mask_phone,
    LookupMask.NUMBER.value: mask_number,
}

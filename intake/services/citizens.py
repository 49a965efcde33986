"""Citizens: found again by their phone number, stored encrypted; seen through `identity`."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.utils.translation import gettext as _

from intake.limits import NAME_LIMIT
from intake.models import Citizen
from shenzhen_gov.core.by_hand import columns, insert, objects
from shenzhen_gov.core.crypto import blind_index, blind_indexes
from shenzhen_gov.core.exceptions import BadInput

# Mobile; land line with area code; local land line; foreign, also Hong Kong and Macau, with + and country code.
PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|\+[1-9]\d{6,14}")

BY_PHONE = f"SELECT {columns(Citizen, 'c')} FROM intake_citizen c WHERE phone_index = ANY(%s) ORDER BY id DESC"  # noqa: S608


def normal_phone(text: str) -> str:
    """Return the number as it is stored and looked up; empty stays empty. Raises BadInput(field="phone")."""
    phone = re.sub(r"[\s\-()·.]", "", unicodedata.normalize("NFKC", text))
    phone = re.sub(r"^(\+|00)86", "", phone)
    phone = re.sub(r"^00", "+", phone)
    if phone and not PHONE.fullmatch(phone):
        raise BadInput(
            _(
                "This is no phone number. Give a mobile number of 11 digits, a land line with its area code, or + and "
                "the country code."
            ),
            field="phone",
        )
    return phone


def find_or_create_citizen(phone: str, name: str, *, wants_secrecy: bool = False, now: datetime) -> Citizen | None:
    """Return the citizen with this number (already normal) and name; None when the caller gave neither.

    A family shares a phone, so another name makes another citizen; a record without a name takes the given one.
    """
    if len(name) > NAME_LIMIT:
        raise BadInput(_("At most %(limit)s characters.") % {"limit": NAME_LIMIT}, field="name")
    if not (phone or name):
        return None
    for known in find_by_phone(phone):
        if not name or known.name in ("", name):
            return _complete(known, name, wants_secrecy)
    citizen = Citizen(name=name, phone=phone, wants_secrecy=wants_secrecy, created_at=now)
    for column, source in Citizen.BLIND_INDEXES.items():
        setattr(citizen, column, blind_index(getattr(citizen, source)) if phone else "")
    insert(citizen)
    return citizen


def find_by_phone(phone: str) -> list[Citizen]:
    """Return everybody known with this number, newest first."""
    if not phone:
        return []
    return objects(Citizen, BY_PHONE, [blind_indexes(phone)])


def _complete(citizen: Citizen, name: str, wants_secrecy: bool) -> Citizen:
    """Add what was not known before."""
    changed = []
    if name and not citizen.name:
        citizen.name = name
        changed.append("name")
    if wants_secrecy and not citizen.wants_secrecy:
        citizen.wants_secrecy = True
        changed.append("wants_secrecy")
    if changed:
        citizen.save(update_fields=changed)
    return citizen

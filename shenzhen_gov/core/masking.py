"""How personal data is shown: enough to recognise, too little to identify. The whole is for `view_identity` only."""

import re
from collections.abc import Iterable

# Phone, identity and account numbers, unless letters stand before them (those are numbers of cases); e-mail addresses.
NUMBERS = re.compile(
    r"(?<![A-Za-z0-9])(?:\+?\d{2,3}[- ]?)?(?:1[3-9]\d[- ]\d{4}[- ]\d{4}|\d{7,})[Xx]?|[^\s@，。；、]+@[\w.-]+"
)


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """Return a text for the public: numbers that lead to somebody, e-mail addresses and the given names as stars."""
    for name in names:
        text = text.replace(name, "**") if len(name) > 1 else text
    return NUMBERS.sub("****", text)


def mask_phone(phone: str) -> str:
    """Return 139****1234 for 13912341234; short numbers keep their last two digits only."""
    if not phone:
        return ""
    if len(phone) < 7:
        return "*" * (len(phone) - 2) + phone[-2:]
    head = 3 if len(phone) >= 11 else 2
    return phone[:head] + "*" * (len(phone) - head - 4) + phone[-4:]


def mask_name(name: str) -> str:
    """Return 陈** for any name: the first character, and always two stars, so that the length says nothing."""
    return f"{name[0]}**" if name else ""

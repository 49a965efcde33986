"""Texts: what those from outside must be, and how words stand one after the other."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .exceptions import BadInput


def checked_text(text: str, limit: int, *, field: str) -> str:
    """Return the text without the blanks around it. Raises BadInput naming `field`."""
    text = text.strip()
    if len(text) > limit:
        message = _("%(count)s characters are too many; at most %(limit)s are possible.")
        raise BadInput(message % {"count": len(text), "limit": limit}, field=field)
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput(_("The text contains a character that cannot be stored."), field=field)
    return text


def joined(words: Iterable) -> str:
    """Return words one after the other as the language of the page sets them apart: 甲、乙 or a, b."""
    return _(", ").join(map(str, words))


def joined_parts(parts: Iterable) -> str:
    """Return parts that may hold commas themselves one after the other: 甲；乙 or a; b."""
    return _("; ").join(map(str, parts))

"""The columns of the table. A column has a stable name and a heading in the reader's language; either is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.choices import ReplyWay, RequestType, Urgency
from shenzhen_gov.core.workbooks import as_key, in_all_languages

PROBLEM, NUMBER = "problem", "number"
YES_NO = ((True, _("yes")), (False, _("no")))


@dataclass(frozen=True)
class Column:
    """One column: what its cells may hold."""

    name: str
    label: str | Promise
    words: tuple = ()  # (value, word) of a vocabulary
    hint: str | Promise = ""
    width: int = 16
    is_needed: bool = False

    @property
    def known(self) -> dict[str, object]:
        """Return word as it is compared → value, in both languages and as code."""
        return _known(self.name)


COLUMNS = (
    Column("content", _("What it is about"), width=60, is_needed=True),
    Column("title", _("Title"), width=28, hint=_("Empty: made of the first sentence.")),
    Column("request_type", _("Kind of request"), tuple(RequestType.choices), _("Empty: the channel's own.")),
    Column("urgency", _("Urgency"), tuple(Urgency.choices), _("Empty: the channel's own.")),
    Column("name", _("Caller's name")),
    Column("phone", _("Phone")),
    Column("wants_secrecy", _("Wants secrecy"), YES_NO),
    Column("area", _("Area"), hint=_("A name or a code; empty: it is read from place and text."), width=20),
    Column("address", _("Place"), width=30),
    Column("house_code", _("House code"), width=28),
    Column("item", _("Duty item"), hint=_("The code of a duty item; empty: a dispatcher chooses."), width=16),
    Column("wish", _("Wish"), width=24),
    Column("reply_way", _("Reply by"), tuple(ReplyWay.choices)),
    Column("is_secret", _("Secret"), YES_NO),
    Column("external_id", _("Outside number"), hint=_("The number in your own book; it comes in once only.")),
)
BY_NAME = {column.name: column for column in COLUMNS}
ADDED = ((PROBLEM, _("What is wrong")), (NUMBER, _("Case")))  # put in front of a marked-up file, passed over when read


@cache
def headings() -> dict[str, str]:
    """Return heading as it is compared → name of the column, in every language."""
    words = [*((column.name, column.label) for column in COLUMNS), *ADDED]
    return in_all_languages(words) | {as_key(name): name for name, _label in words}


@cache
def _known(name: str) -> dict[str, object]:
    words = BY_NAME[name].words
    codes = {as_key(str(value)): value for value, _word in words if not isinstance(value, bool)}
    return codes | in_all_languages(words)

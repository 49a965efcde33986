"""What a condition may ask of a case: the fields as a table, what may be done with each, and how a case is read.

Text is compared folded (full and half width alike, no difference of case). A value that is not known (no place, no
item yet) meets no condition but the negative ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Choices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from intake.choices import PlaceSource, RequestType, Urgency
from intake.models import Case
from shenzhen_gov.core.worktime import get_calendar

REGEX_TEXT = 1000  # characters of a text that a pattern is tried on


class Kind(StrEnum):
    """What a field holds, which decides what may be asked of it."""

    TEXT = "text"
    CODE = "code"  # a short text that is compared as a whole
    CHOICE = "choice"  # one of a fixed vocabulary, always known
    CHANNEL = "channel"
    ITEM = "item"
    AREA = "area"
    FLAG = "flag"
    NUMBER = "number"
    DAY = "day"


OPERATORS: dict[str, str | Promise] = {
    "eq": pgettext_lazy("condition", "is"),
    "ne": pgettext_lazy("condition", "is not"),
    "in": pgettext_lazy("condition", "is one of"),
    "not_in": pgettext_lazy("condition", "is none of"),
    "contains_any": pgettext_lazy("condition", "contains one of"),
    "contains_all": pgettext_lazy("condition", "contains all of"),
    "contains_none": pgettext_lazy("condition", "contains none of"),
    "between": pgettext_lazy("condition", "from … to"),
    "in_area": pgettext_lazy("condition", "lies in"),
    "not_in_area": pgettext_lazy("condition", "lies outside"),
    "regex": pgettext_lazy("condition", "matches the pattern"),
}
MANY = {"in", "not_in", "contains_any", "contains_all", "contains_none", "in_area", "not_in_area"}
_SETS = ("eq", "ne", "in", "not_in")
ALLOWED: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("contains_any", "contains_all", "contains_none", "eq", "ne", "regex"),
    Kind.CODE: (*_SETS, "regex"),
    Kind.CHOICE: _SETS,
    Kind.CHANNEL: _SETS,
    Kind.ITEM: _SETS,
    Kind.AREA: ("in_area", "not_in_area"),
    Kind.FLAG: ("eq",),
    Kind.NUMBER: (*_SETS, "between"),
    Kind.DAY: ("eq", "between"),
}


@dataclass(frozen=True)
class Field:
    """One field: its name, what it holds, how it is read; `domain` lists every value it can have, where that is few."""

    code: str
    label: str | Promise
    kind: Kind
    read: Callable[[Reading], Any]
    words: type[Choices] | None = None
    domain: tuple = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """Return what may be asked of it."""
        return ALLOWED[self.kind]


class Reading:
    """A case as conditions see it: each field is read once, when somebody asks."""

    def __init__(self, case: Case):
        self.case = case
        self.values: dict[str, Any] = {}

    def __getitem__(self, code: str) -> Any:
        """Return the value of a field."""
        try:
            return self.values[code]
        except KeyError:
            value = self.values[code] = FIELDS[code].read(self)
            return value

    @cached_property
    def registered(self) -> datetime:
        """Return when it was registered, local time."""
        return timezone.localtime(self.case.registered_at)


def fold(text: str) -> str:
    """Return a text as it is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def _text(reading: Reading) -> str:
    return f"{reading['title']}\n{reading['content']}"


def _area_path(reading: Reading) -> str | None:
    area = reading.case.area
    return area.path if area is not None else None


def _is_working_day(reading: Reading) -> bool:
    """Raise MissingCalendarYear rather than guess: the rule then fails, with an alarm."""
    return get_calendar().is_working_day(reading.registered.date())


def _field(code: str, label, kind: Kind, read: Callable[[Case], Any], **given) -> Field:
    return Field(code, label, kind, lambda reading: read(reading.case), **given)


def _choice(code: str, label, words: type[Choices], read: Callable[[Case], Any]) -> Field:
    return _field(code, label, Kind.CHOICE, read, words=words, domain=tuple(words.values))


def _flag(code: str, label, read: Callable[[Case], Any]) -> Field:
    return _field(code, label, Kind.FLAG, read, domain=(True, False))


FIELDS: dict[str, Field] = {
    field.code: field
    for field in (
        Field("text", _("Title and content"), Kind.TEXT, _text),
        _field("title", _("Title"), Kind.TEXT, lambda case: fold(case.title)),
        _field("content", _("Content"), Kind.TEXT, lambda case: fold(case.content)),
        _field("wish", _("What the citizen wants"), Kind.TEXT, lambda case: fold(case.wish)),
        _field("address", _("Address"), Kind.TEXT, lambda case: fold(case.address)),
        Field("area", _("Area"), Kind.AREA, _area_path),
        _field("item", _("Duty item"), Kind.ITEM, lambda case: case.item_id),
        _field("channel", _("Channel"), Kind.CHANNEL, lambda case: case.channel_id),
        _choice("request_type", _("Kind of request"), RequestType, lambda case: case.request_type),
        _choice("urgency", _("Urgency"), Urgency, lambda case: case.urgency),
        _choice("place_source", _("Place found by"), PlaceSource, lambda case: case.place_source),
        _field("house_code", _("House code"), Kind.CODE, lambda case: fold(case.house_code)),
        _flag("has_caller", _("Caller known"), lambda case: case.citizen_id is not None),
        _flag("is_repeat", _("Same person again"), lambda case: case.is_repeat),
        _flag("is_redo", _("Second round or later"), lambda case: case.round > 1),
        _flag("is_sensitive", _("Sensitive"), lambda case: case.is_sensitive),
        _flag("is_secret", _("Secret"), lambda case: case.is_secret),
        Field(
            "hour", _("Hour registered"), Kind.NUMBER, lambda reading: reading.registered.hour, domain=tuple(range(24))
        ),
        Field(
            "weekday",
            _("Weekday registered (1 Monday … 7 Sunday)"),
            Kind.NUMBER,
            lambda reading: reading.registered.isoweekday(),
            domain=tuple(range(1, 8)),
        ),
        Field("is_working_day", _("Registered on a working day"), Kind.FLAG, _is_working_day, domain=(True, False)),
        Field("day", _("Day registered"), Kind.DAY, lambda reading: reading.registered.date()),
    )
}
LATEST, EARLIEST = date.max, date.min

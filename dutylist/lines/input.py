"""What is entered into a batch, and what is said about it when it is wrong: all faults at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shenzhen_gov.core.exceptions import BadInput


@dataclass(frozen=True)
class NewLine:
    """One line to be entered. `changes` is any part of a content (dutylist/content.py), laid over what holds today.

    `successors` are item codes (merge: one, split: two or more); `narrows` is the code of the city item of a new
    overlay; an empty `policy` means the usual one of the kind.
    """

    kind: str
    code: str
    changes: dict[str, Any] = field(default_factory=dict)
    successors: Sequence[str] = ()
    policy: str = ""
    narrows: str = ""
    note: str = ""


@dataclass(frozen=True)
class LineFault:
    """What is wrong with one line; `index` is its place in what was given, `field` a key of the content or the line."""

    code: str
    field: str
    text: str | Promise
    index: int


class LineFaults(BadInput):
    """Some lines are wrong, so none was taken over. `faults` are all of them, in the order of the lines."""

    def __init__(self, faults: Sequence[LineFault]):
        self.faults = sorted(faults, key=lambda fault: fault.index)
        first = self.faults[0]
        text = _("%(code)s: %(reason)s") % {"code": first.code or first.index + 1, "reason": first.text}
        if len(self.faults) > 1:
            text = _("%(first)s (%(count)s faults in all; nothing was taken over)") % {
                "first": text,
                "count": len(self.faults),
            }
        super().__init__(text, field=first.field)


@dataclass(frozen=True)
class LinesSet:
    """What entering lines did."""

    added: int
    changed: int
    unchanged: int

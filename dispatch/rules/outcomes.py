"""What a rule says about the cases it matches, as JSON.

    {"item": "T0000001"} · {"unit": "urban_management-440309"} · {"person": "why"} · {"urgency": "urgent"}
    · {"flags": ["sensitive"]}, or several of them.

For `item`, `unit` and `person` the first rule by priority that says something wins; urgency rises and flags add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from intake.choices import Urgency
from shenzhen_gov.core.exceptions import BadInput

from .conditions import UNWRITABLE

LONGEST_REASON = 120
EXCLUSIVE = ("item", "unit", "person")
KINDS = (*EXCLUSIVE, "urgency", "flags")
SEVERITY = {urgency.value: place for place, urgency in enumerate((Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY))}


class Flag(models.TextChoices):
    """What a rule may mark on a case."""

    SENSITIVE = "sensitive", gettext_lazy("Sensitive")
    SECRET = "secret", gettext_lazy("Secret")
    CALL_BACK = "call_back", pgettext_lazy("rule", "Call the citizen back")


@dataclass(frozen=True)
class Outcome:
    """What a rule says; codes, and None or nothing where it says nothing."""

    item: str | None = None
    unit: str | None = None
    person: str | None = None
    urgency: str | None = None
    flags: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        said = {kind: getattr(self, kind) for kind in KINDS if getattr(self, kind)}
        return said | ({"flags": list(self.flags)} if self.flags else {})


def read_outcome(data: Any) -> Outcome:
    """Return the outcome behind the JSON; raises BadInput naming the field at fault."""
    if not isinstance(data, dict) or set(data) - set(KINDS):
        raise BadInput(_("The outcome cannot be read."))
    for kind in ("item", "unit", "person", "urgency"):
        _check_text(kind, data.get(kind))
    urgency, flags = data.get("urgency"), data.get("flags", [])
    if urgency is not None and urgency not in (Urgency.URGENT, Urgency.EMERGENCY):
        raise BadInput(_("A rule may raise the urgency, never lower it."), field="urgency")
    if not isinstance(flags, list) or any(flag not in Flag.values for flag in flags):
        raise BadInput(_("There is no such mark."), field="flags")
    outcome = Outcome(**{kind: data.get(kind) for kind in KINDS if kind != "flags"}, flags=tuple(sorted(set(flags))))
    if outcome == Outcome():
        raise BadInput(_("Say what the rule does with the cases it matches."), field="outcome")
    return outcome


def _check_text(kind: str, value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_REASON or UNWRITABLE.search(value):
        raise BadInput(_("Enter 1 to %(count)s characters.") % {"count": LONGEST_REASON}, field=kind)

"""A decision while it is being made: what is known, what speaks for it, and why a person is needed, if one is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import Duty
from grid.models import Unit
from intake.models import Case

from .choices import ItemBasis
from .reasons import reason

if TYPE_CHECKING:
    from .rules.engine import Matched


@dataclass
class Draft:
    """A decision not yet written: `unit` is set, or `needs_person` says why not."""

    case: Case
    version: ItemVersion | None = None
    terms: ItemVersion | None = None  # whose time limits hold: the version's, or its local overlay's
    row: Responsibility | None = None
    unit: Unit | None = None
    needs_person: str = ""
    reasons: list[dict] = field(default_factory=list)
    item_id: int | None = None  # of the case, of a rule, or the first of the candidates
    basis: str = ItemBasis.CHOSEN
    candidates: list[dict] = field(default_factory=list)
    model_version: str = ""
    gate: dict = field(default_factory=dict)
    matched: Matched | None = None  # what the rules in force say
    marks: dict = field(default_factory=dict)  # fields of the case that a rule changes

    def follow(self, duty: Duty | None) -> Draft:
        """Take over what the list says; None: the item is not in force."""
        if duty is not None:
            self.version, self.terms, self.row = duty.version, duty.terms, duty.row
        return self

    def marked(self, name: str) -> Any:
        """Return a field of the case as the rules leave it."""
        return self.marks.get(name, getattr(self.case, name))

    def say(self, code: str, ok: bool = True, **facts) -> Draft:
        """Add a reason."""
        self.reasons.append(reason(code, ok=ok, **facts))
        return self

    def keep_what_was_decided(self) -> None:
        """Drop what only a suggestion stands for: for a person the candidates say what was suggested."""
        if self.needs_person and self.basis == ItemBasis.SUGGESTED:
            self.version = self.terms = self.row = None

    def stop(self, why: str, code: str, **facts) -> Draft:
        """Note that a person is needed, and why."""
        self.needs_person, self.unit = why, None
        return self.say(code, ok=False, **facts)

"""What is wrong with a version of a rule: alone, and among the rules that are published.

Errors keep it from being submitted and published, warnings are shown. A rule that can be proved dead, or to be taken
over by one before it, is an error, and so is a rule of the same priority that may match the same case and says
something else: which of the two holds must not be luck.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from dispatch.models import RuleVersion
from dutylist.models import Item
from dutylist.selectors import version_in_force
from grid.models import Area, Unit
from shenzhen_gov.core.exceptions import BadInput

from .conditions import Names, Node, RowError, read_condition
from .engine import in_territory, load_names
from .logic import alternatives, implies, is_impossible, overlaps
from .outcomes import EXCLUSIVE, SEVERITY, Outcome, read_outcome


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: at a row of the conditions (from 0), at a field, or with another rule."""

    kind: str
    text: str
    is_error: bool = True
    row: int | None = None
    field: str = ""
    other: RuleVersion | None = None


class Readable:
    """A version with its condition and outcome read; `wrong` holds what could not be."""

    def __init__(self, version: RuleVersion, names: Names):
        self.version, self.names = version, names
        self.wrong: list[Finding] = []
        self.condition = self._read_condition()
        self.outcome = self._read_outcome()

    @property
    def is_readable(self) -> bool:
        """Whether both were understood."""
        return self.condition is not None and self.outcome is not None

    @cached_property
    def ways(self) -> list | None:
        """Return the alternatives of the condition, None where there are too many."""
        return alternatives(self.condition) if self.condition is not None else []

    @property
    def order(self) -> tuple[int, str]:
        """Return what the first rule is found by."""
        return self.version.priority, self.version.rule.code

    def _read_condition(self) -> Node | None:
        try:
            return in_territory(read_condition(self.version.condition, self.names), self.version.rule.area)
        except RowError as error:
            self.wrong.append(Finding("unknown", str(error), row=error.row, field=error.field or ""))
        except BadInput as error:
            self.wrong.append(Finding("unknown", str(error), field="condition"))
        return None

    def _read_outcome(self) -> Outcome | None:
        try:
            return read_outcome(self.version.outcome)
        except BadInput as error:
            self.wrong.append(Finding("unknown", str(error), field=error.field or "outcome"))
        return None


def check_version(version: RuleVersion, published: Iterable[RuleVersion], today: date) -> list[Finding]:
    """Return what is wrong with a version, errors first; `published` are the versions it will stand beside."""
    others = [one for one in published if one.rule_id != version.rule_id and _share_a_day(one, version)]
    names = load_names(one.condition for one in (version, *others))
    own = Readable(version, names)
    found = [*own.wrong, *_check_days(version, today)]
    if own.outcome is not None:
        found += _check_outcome(own.outcome, version.rule.area, today)
    if own.is_readable:
        found += _check_alone(own) or _check_among(own, [Readable(one, names) for one in others])
    return sorted(found, key=lambda finding: not finding.is_error)


def _check_days(version: RuleVersion, today: date) -> list[Finding]:
    if version.valid_to is not None and version.valid_to < today:
        return [Finding("days", _("The last day is over."), field="valid_to")]
    return []


def _check_outcome(outcome: Outcome, area: Area, today: date) -> list[Finding]:
    found = []
    if outcome.item:
        item = Item.objects.filter(code=outcome.item).first()
        if item is None or version_in_force(item.pk, today) is None:
            found.append(Finding("unknown", _("This duty item is not in force today."), field="item"))
    if outcome.unit:
        unit = Unit.objects.open_on(today).filter(code=outcome.unit).select_related("home_area").first()
        if unit is None:
            found.append(Finding("unknown", _("This unit does not exist or is closed."), field="unit"))
        elif not unit.home_area.path.startswith(area.path):
            text = _("%(unit)s is not of %(area)s, where the rule holds.")
            found.append(Finding("unknown", text % {"unit": unit, "area": area.name}, field="unit"))
    return found


def _check_alone(own: Readable) -> list[Finding]:
    if own.ways is None:
        text = _("The conditions can be met in too many ways to be checked; split the rule.")
        return [Finding("too_wide", text, field="condition")]
    if not all(is_impossible(way) for way in own.ways):
        return []
    text = _("No case can ever meet these conditions: they exclude each other.")
    rows = sorted({leaf.row for leaf in own.ways[0]}) if len(own.ways) == 1 else []
    return [Finding("dead", text, row=rows[-1] if rows else None, field="condition")]


def _check_among(own: Readable, others: list[Readable]) -> list[Finding]:
    found = []
    for other in others:
        if other.is_readable:
            found += _between(own, other)
    return found


def _between(own: Readable, other: Readable) -> list[Finding]:
    """Return what is wrong between two rules."""
    named = {"rule": other.version}
    if other.order < own.order and _takes_over(other, own):
        text = _("It never has a say: “%(rule)s” comes first and matches whatever it matches.")
        return [Finding("shadowed", text % named, other=other.version, field="priority")]
    if other.version.priority == own.version.priority and _disagree(own, other) and _meet(own, other):
        text = _("“%(rule)s” has the same priority, may match the same case and says something else.")
        return [Finding("contradicts", text % named, other=other.version, field="priority")]
    if own.order < other.order and _takes_over(own, other):
        text = _("“%(rule)s” will never have a say beside it.")
        return [Finding("shadows", text % named, other=other.version, is_error=False)]
    return []


def _meet(own: Readable, other: Readable) -> bool:
    return own.condition is None or other.condition is None or overlaps(own.condition, other.condition)


def _takes_over(first: Readable, second: Readable) -> bool:
    """Whether `first` says all that `second` could, whenever `second` matches."""
    if first.condition is None or second.condition is None or not _lasts(first.version, second.version):
        return False
    return _says_all(first.outcome, second.outcome) and implies(second.condition, first.condition)


def _says_all(first: Outcome | None, second: Outcome | None) -> bool:
    """Whether nothing of the second outcome is left to be said after the first."""
    if first is None or second is None:
        return False
    kinds = all(getattr(first, kind) for kind in EXCLUSIVE if getattr(second, kind))
    urgency = SEVERITY.get(first.urgency or "", 0) >= SEVERITY.get(second.urgency or "", 0)
    return kinds and urgency and set(second.flags) <= set(first.flags)


def _disagree(one: Readable, other: Readable) -> bool:
    """Whether two outcomes name another item, or another unit."""
    if one.outcome is None or other.outcome is None:
        return False
    pairs = [(getattr(one.outcome, kind), getattr(other.outcome, kind)) for kind in ("item", "unit")]
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _share_a_day(one: RuleVersion, other: RuleVersion) -> bool:
    return (one.valid_to or date.max) >= other.valid_from and (other.valid_to or date.max) >= one.valid_from


def _lasts(first: RuleVersion, second: RuleVersion) -> bool:
    """Whether the first holds on every day of the second."""
    return first.valid_from <= second.valid_from and (first.valid_to or date.max) >= (second.valid_to or date.max)

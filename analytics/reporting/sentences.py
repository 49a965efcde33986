"""Sentences made from figures alone: which one is said follows from the figures, and nothing is said without one.

No adjective stands here: a figure is higher, lower or the same, and reaches its target or does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import pgettext

from analytics.choices import Measure
from analytics.selectors.figures import Value

from .document import CHANGE, POINTS, number, shown

SAME = 0.05  # what rounds to nought at one decimal


@dataclass(frozen=True)
class Compared:
    """An indicator of a time, of the time before it, and of a year before it; None where that was not kept."""

    now: Value
    before: Value | None = None
    year_before: Value | None = None

    @property
    def from_before(self) -> float | None:
        """Return the change 环比."""
        return change(self.now, self.before)

    @property
    def from_year_before(self) -> float | None:
        """Return the change 同比."""
        return change(self.now, self.year_before)

    @property
    def measure_of_change(self) -> str:
        """Return what the change is told in: percentage points for a share, else per cent."""
        return POINTS if self.now.version.measure == Measure.PERCENT else CHANGE


def change(now: Value, before: Value | None) -> float | None:
    """Return by how much a value changed: points of a share, per cent of anything else; None without both."""
    if before is None or now.value is None or before.value is None:
        return None
    if now.version.measure == Measure.PERCENT:
        return now.value - before.value
    return 100 * (now.value - before.value) / before.value if before.value else None


def sentence(one: Compared) -> str | None:
    """Return what there is to say of an indicator; None where there is nothing to divide."""
    if one.now.value is None:
        return None
    clauses = [_value(one.now)]
    for text, amount in (
        (pgettext("report", "%(change)s on the period before"), one.from_before),
        (pgettext("report", "%(change)s on the year before"), one.from_year_before),
    ):
        if amount is not None:
            clauses.append(text % {"change": _change(amount, one.measure_of_change)})
    clauses += _target(one.now)
    return pgettext("report", "%(clauses)s.") % {"clauses": pgettext("report clauses", ", ").join(clauses)}


def satisfaction(satisfied: Compared, evaluated: Compared) -> str | None:
    """Return what there is to say of satisfaction, never without the share that was evaluated."""
    said = sentence(satisfied)
    if said is None or evaluated.now.value is None:
        return said
    text = pgettext("report", "%(said)s Of what could be evaluated, %(share)s was (%(part)s of %(whole)s).")
    return text % {
        "said": said,
        "share": shown(number(evaluated.now.value, Measure.PERCENT)),
        "part": f"{evaluated.now.numerator:,}",
        "whole": f"{evaluated.now.denominator:,}",
    }


def hottest(rows: list[tuple[str, int]], whole: int) -> str | None:
    """Return which duty item had most cases; rows are (name, cases), most first."""
    if not rows or not whole:
        return None
    name, count = rows[0]
    text = pgettext("report", "Most cases were about “%(item)s”: %(count)s, which is %(share)s of all accepted.")
    return text % {"item": name, "count": f"{count:,}", "share": shown(number(100 * count / whole, Measure.PERCENT))}


def open_work(open_: int, due: int, overdue: int, at: str) -> str:
    """Return how much is open at a moment."""
    if not open_:
        return pgettext("report", "As of %(at)s nothing was open.") % {"at": at}
    text = pgettext("report", "As of %(at)s, %(open)s were open; %(due)s of them due that day, %(overdue)s overdue.")
    return text % {"at": at, "open": f"{open_:,}", "due": f"{due:,}", "overdue": f"{overdue:,}"}


def said(sentences: Iterable[str | None]) -> list[str]:
    """Return those that say something."""
    return [one for one in sentences if one]


def _value(found: Value) -> str:
    values = {"name": found.version.indicator.label, "value": shown(number(found.value, found.version.measure))}
    if found.version.measure == Measure.HOURS:
        return pgettext("report", "%(name)s: %(value)s hours") % values
    if found.version.measure == Measure.PERCENT and found.denominator:
        values |= {"part": f"{found.numerator:,}", "whole": f"{found.denominator:,}"}
        return pgettext("report", "%(name)s: %(value)s (%(part)s of %(whole)s)") % values
    if found.version.measure == Measure.COUNT:
        return pgettext("report", "%(name)s: %(value)s cases") % values
    return pgettext("report", "%(name)s: %(value)s") % values


def _change(amount: float, measure: str) -> str:
    if abs(amount) < SAME:
        return pgettext("report", "the same")
    values = {"amount": f"{abs(amount):,.1f}"}
    if measure == POINTS:
        text = (
            pgettext("report", "up by %(amount)s points")
            if amount > 0
            else pgettext("report", "down by %(amount)s points")
        )
    else:
        text = pgettext("report", "up by %(amount)s%%") if amount > 0 else pgettext("report", "down by %(amount)s%%")
    return text % values


def _target(found: Value) -> list[str]:
    if found.is_good is None or found.version.target is None:
        return []
    target = shown(number(float(found.version.target), found.version.measure))
    text = (
        pgettext("report", "target of %(target)s reached")
        if found.is_good
        else pgettext("report", "target of %(target)s not reached")
    )
    return [text % {"target": target}]

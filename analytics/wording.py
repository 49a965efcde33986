"""How figures are written for readers: numbers with their unit, changes with an arrow and a word, times as dates."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.choices import Better, Measure
from analytics.models import IndicatorVersion
from analytics.selectors.board import Change
from analytics.selectors.figures import Period, Value

NOTHING = "—"


def number(value: float | None, measure: str) -> str:
    """Return a figure without its unit: 214,386 or 98.3."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if measure == Measure.COUNT else f"{value:,.1f}"


def unit_of(measure: str) -> str:
    """Return what stands behind a figure."""
    return "" if measure == Measure.COUNT else str(Measure(measure).label)


def told(value: Value) -> str:
    """Return a figure with its unit."""
    figure = number(value.value, value.version.measure)
    unit = unit_of(value.version.measure)
    return figure if value.value is None or not unit else f"{figure}{unit}" if unit == "%" else f"{figure} {unit}"


def change_unit(measure: str) -> str:
    """Return what changes are told in: a count changes by per cent, a share by points."""
    if measure == Measure.COUNT:
        return "%"
    return pgettext("change of a share", "pts") if measure == Measure.PERCENT else unit_of(measure)


def change_words(change: Change, measure: str) -> str:
    """Return the size of a change; the arrow and the colour are the template's."""
    if change.by is None:
        return NOTHING
    if round(change.by, 1) == 0:
        return pgettext("change of a figure", "same")
    unit = change_unit(measure)
    return f"{abs(change.by):,.1f}{unit}" if unit == "%" else f"{abs(change.by):,.1f} {unit}"


def change_spoken(change: Change) -> str:
    """Return the direction in words, for who does not see the arrow or the colour."""
    if change.by is None or round(change.by, 1) == 0:
        return ""
    direction = _("up") if change.by > 0 else _("down")
    if change.is_better is None:
        return direction
    return f"{direction}, {_('better') if change.is_better else _('worse')}"


def target_of(version: IndicatorVersion) -> str:
    """Return the target with its sign, or nothing."""
    if version.target is None or version.better == Better.NONE:
        return ""
    sign = "≥" if version.better == Better.HIGHER else "≤"
    return (
        f"{sign} {version.target.normalize():f}{unit_of(version.measure) if version.measure == Measure.PERCENT else ''}"
    )


def days_of(period: Period) -> str:
    """Return a time as dates: a month, a day, or from – to."""
    if period.is_whole_month:
        return f"{period.first:%Y-%m}"
    if period.first == period.last:
        return day_words(period.first)
    return f"{day_words(period.first)} – {day_words(period.last)}"


def day_words(day: date) -> str:
    """Return a day."""
    return f"{day:%Y-%m-%d}"

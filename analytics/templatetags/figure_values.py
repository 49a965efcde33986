"""How values of indicators are written. `{% load figure_values %}`."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format

from analytics.choices import Measure
from analytics.selectors.figures import Value

register = template.Library()
PLACES = {Measure.COUNT: 0, Measure.PERCENT: 1, Measure.HOURS: 1, Measure.TIMES: 2}


@register.filter
def figure(value: Value | None) -> str:
    """Return a value as text with its sign, — where there is nothing to divide."""
    if value is None or value.value is None:
        return "—"
    measure = Measure(value.version.measure)
    text = number_format(value.value, decimal_pos=PLACES[measure], use_l10n=True, force_grouping=True)
    return f"{text}%" if measure == Measure.PERCENT else text

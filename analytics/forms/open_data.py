"""Which month is released as open data."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.form_fields import set_choices

MOST_MONTHS = 36


class ReleaseForm(forms.Form):
    """A month that is over."""

    month = forms.TypedChoiceField(label=_("Month"), coerce=date.fromisoformat)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "month", [(day.isoformat(), f"{day:%Y-%m}") for day in _months_before(today)])


def _months_before(today: date) -> list[date]:
    months, month = [], today.replace(day=1)
    for _number in range(MOST_MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return months

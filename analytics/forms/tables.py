"""What an ad-hoc table is asked by."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.choices import TableColumns, TableRows
from analytics.selectors.figures import month_end
from grid.choices import UnitKind
from shenzhen_gov.core.form_fields import set_choices

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
FIRST_INDICATORS = ["accepted", "on_time", "satisfaction", "evaluated"]
FIRST_OF_UNITS = ["signing", "contact", "unit_on_time", "satisfaction", "evaluated"]


class TableForm(forms.Form):
    """Rows, columns, indicators, area and time; `areas` and `indicators` are what may be chosen."""

    area = forms.ChoiceField(label=_("Area or unit"))
    rows = forms.ChoiceField(label=pgettext_lazy("figures", "Rows"), choices=TableRows.choices)
    unit_kind = forms.ChoiceField(
        label=_("Kind of unit"), required=False, choices=[("", _("All")), *UnitKind.choices],
        help_text=_("Only where the rows are units."),
    )  # fmt: skip
    columns = forms.ChoiceField(label=_("Columns"), choices=TableColumns.choices)
    first = forms.DateField(label=_("From day"), widget=DAY)
    last = forms.DateField(label=_("To day"), widget=DAY)
    minimum = forms.IntegerField(
        label=_("At least"), required=False, min_value=0, max_value=10_000_000,
        help_text=_("Rows whose first indicator speaks of fewer are left out."),
    )  # fmt: skip
    indicators = forms.MultipleChoiceField(label=_("Indicators"), widget=forms.CheckboxSelectMultiple)
    sort = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)

    def __init__(self, *args, areas: list[tuple[str, str]], indicators: list[tuple[str, list]], **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "area", areas)
        set_choices(self, "indicators", indicators)


class KeepTableForm(forms.Form):
    """Under which name a table is kept."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share in my unit"), required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


def first_question(area: str, today: date, *, is_unit: bool = False) -> dict:
    """Return what the page shows first: the areas or units below, over the last whole month and this one."""
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return {
        "area": area,
        "rows": (TableRows.UNITS if is_unit else TableRows.BELOW).value,
        "columns": TableColumns.SUM.value,
        "first": first.isoformat(),
        "last": month_end(today).isoformat(),
        "indicators": FIRST_OF_UNITS if is_unit else FIRST_INDICATORS,
    }

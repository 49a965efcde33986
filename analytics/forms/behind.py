"""Which figure is opened: part, time, and an area or a unit, narrowed to an item or a channel."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.parts import BY_CODE
from analytics.selectors.figures import Period
from grid.models import Unit

from .board import MOST_DAYS

MOST = 2**31 - 1


def _id(label) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST)


class BehindForm(forms.Form):
    """The address of a list behind a figure."""

    chosen_unit: Unit | None = None  # set by the view, which knows who asks

    part = forms.ChoiceField(label=_("Figure"), choices=[(code, part.words) for code, part in BY_CODE.items()])
    area = forms.CharField(label=_("Area"), max_length=20, required=False)
    unit = _id(_("Unit"))
    below = forms.BooleanField(label=_("With the units below it"), required=False)
    first = forms.DateField(label=_("From day"))
    last = forms.DateField(label=_("To day"))
    item = _id(_("Duty item"))
    channel = _id(_("Channel"))
    ranked = forms.BooleanField(label=_("Without law enforcement and mediation"), required=False)

    def clean(self) -> dict:
        """Hold the fields together."""
        given = super().clean() or {}
        if bool(given.get("area")) == bool(given.get("unit")) and not {"area", "unit"} & self.errors.keys():
            self.add_error("area", _("Name an area or a unit."))
        first, last = given.get("first"), given.get("last")
        if first and last:
            self._check_days(first, last)
        return given

    def _check_days(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif Period(first, last).days > MOST_DAYS:
            self.add_error("first", _("Choose two years at most."))
        elif first.year < 2001:
            self.add_error("first", _("There are no figures of that time."))

    @property
    def period(self) -> Period:
        """Return the time, once it is valid."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])

    @property
    def problem(self) -> str:
        """Return what is wrong, naming the field; empty for nothing."""
        for name, errors in self.errors.items():
            label = self.fields[name].label if name in self.fields else ""
            return f"{label}: {errors[0]}" if label else str(errors[0])
        return ""

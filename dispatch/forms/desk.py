"""The forms of the desks and of what narrows them."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shenzhen_gov.core.form_fields import set_choices
from shenzhen_gov.core.texts import joined

from .steps import text_area


class DispatchForm(forms.Form):
    """人工分拨: to which unit, for which item, why, and which like cases go along.

    `unit_name` is what stands in the field in which a unit is looked for; without scripts it is all that says which.
    `pick` is the button of a candidate, "item:unit".
    """

    unit_id = forms.IntegerField(label=_("Unit"), required=False, widget=forms.HiddenInput)
    unit_name = forms.CharField(required=False, max_length=120)
    item_id = forms.IntegerField(label=_("Duty item"), required=False, widget=forms.HiddenInput)
    suggested_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pick = forms.RegexField(r"^\d{1,18}:\d{0,18}$", required=False)
    note = forms.CharField(label=_("Why this unit"), required=False, max_length=300, widget=text_area(2))
    also = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args, find_units=None, **given):
        super().__init__(*args, **given)
        self.find_units = find_units
        ticked = self.data.getlist("also") if self.is_bound and hasattr(self.data, "getlist") else []
        set_choices(self, "also", [(pk, pk) for pk in ticked if pk.isdecimal() and len(pk) < 19])

    def clean(self):
        """Take the picked candidate, else the unit; one that was only typed is looked up by its name."""
        given = super().clean() or {}
        if pick := given.pop("pick", ""):
            item, unit = pick.split(":")
            given["item_id"], given["unit_id"] = int(item), int(unit) if unit else self._unit_called("", None)
            given.pop("unit_name", None)
            return given
        name = given.pop("unit_name", "").strip()
        if "unit_id" not in self.errors:
            given["unit_id"] = self._unit_called(name, given.get("unit_id"))
        return given

    def _unit_called(self, name: str, chosen: int | None) -> int | None:
        """Return the unit chosen by script, unless another name was typed since: then the one unit of that name."""
        found = list(self.find_units(name)) if name and self.find_units else []
        if chosen and (not name or any(unit.pk == chosen for unit in found)):
            return chosen
        exact = [unit for unit in found if unit.name == name] or found
        if len(exact) == 1:
            return exact[0].pk
        if exact:
            names = joined(unit.name for unit in exact)
            self.add_error("unit_id", _("Several units have such a name: %(names)s.") % {"names": names})
        elif name:
            self.add_error("unit_id", _("No unit that you may send to has this name."))
        else:
            self.add_error("unit_id", _("Choose the unit."))
        return None


class QueueFilterForm(forms.Form):
    """What narrows a desk: unit, item, channel, words of the title or the number."""

    q = forms.CharField(label=_("Title or number"), required=False, max_length=60)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=60)
    channel = forms.TypedChoiceField(label=_("Channel"), required=False, coerce=int, empty_value=None)
    item = forms.CharField(label=_("Duty item"), required=False, max_length=60)

    def __init__(self, *args, channels=(), **given):
        super().__init__(*args, **given)
        set_choices(self, "channel", [("", _("All channels")), *((row.pk, str(row)) for row in channels)])

    @property
    def is_narrowing(self) -> bool:
        """Whether anything is narrowed."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def describe(self) -> str:
        """Return what is narrowed, in words."""
        chosen = []
        for name, field in self.fields.items():
            if value := self.data.get(name):
                words = dict((str(key), text) for key, text in getattr(field, "choices", [])).get(value, value)
                chosen.append(f"{field.label}: {words}")
        return " · ".join(chosen)


class ReplayForm(forms.Form):
    """The days whose closed cases are replayed: the last 30, the last 90, or from a day to a day."""

    period = forms.ChoiceField(
        label=_("Cases closed"),
        choices=[("30", _("last 30 days")), ("90", _("last 90 days")), ("days", _("from … to …"))],
        initial="30",
    )
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(
        label=pgettext_lazy("days", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self):
        """Ask for both days where they are chosen."""
        given = super().clean() or {}
        if given.get("period") == "days":
            for name in ("first", "last"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Give the day."))
        return given

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and the last day."""
        period = self.cleaned_data["period"]
        if period == "days":
            return self.cleaned_data["first"], self.cleaned_data["last"]
        return today - timedelta(days=int(period)), today


class ForecastForm(forms.Form):
    """What the agent's desk knows of a request; what is no code counts as not given."""

    item = forms.CharField(max_length=40, required=False)
    area = forms.CharField(max_length=20, required=False)
    house_code = forms.CharField(max_length=40, required=False)
    urgency = forms.CharField(max_length=10, required=False)
    request_type = forms.CharField(max_length=12, required=False)
    channel = forms.CharField(max_length=30, required=False)
    is_secret = forms.BooleanField(required=False)
    is_sensitive = forms.BooleanField(required=False)

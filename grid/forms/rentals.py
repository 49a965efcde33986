"""The shape of what pages of rentals take: registering, a visit, a grade by decision, a person, a purpose."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.choices import RentalKind, TenancyRole
from grid.models import GradeCriterion
from grid.services.rentals import NewPerson, NewRental, NewVisit
from shenzhen_gov.core.form_fields import FilesField

NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class RentalForm(forms.Form):
    """What is let, and where."""

    kind = forms.ChoiceField(label=_("What is let"), choices=RentalKind.choices, widget=forms.RadioSelect)
    house_code = forms.CharField(
        label=_("House code"),
        max_length=25,
        help_text=_("Of a whole building 19 characters, of a room 25."),
        widget=forms.TextInput(attrs=NUMERIC),
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Empty: the name of the place.")
    )

    def new_rental(self) -> NewRental:
        """Return what the service takes; only after `is_valid()`."""
        return NewRental(**self.cleaned_data)


class VisitForm(forms.Form):
    """走访: what was found, ticked; notes; photos."""

    row_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    found = forms.MultipleChoiceField(label=_("What was found"), required=False)
    notes = forms.CharField(label=_("Notes"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    photos = FilesField(label=_("Photos"), required=False)

    def __init__(self, *args, criteria: list[tuple[str, list[GradeCriterion]]] = (), **kwargs):  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["found"]
        choices.choices = [(row.code, row.text) for _group, rows in criteria for row in rows]

    def new_visit(self) -> NewVisit:
        """Return what the service takes; only after `is_valid()`."""
        given = self.cleaned_data
        return NewVisit(given["found"], given["notes"], given["photos"])


class RegradeForm(forms.Form):
    """A grade made worse by a decision."""

    points = forms.IntegerField(label=_("Points added"), min_value=1, max_value=1000, widget=forms.NumberInput(NUMERIC))
    reason = forms.CharField(label=_("Reason"), min_length=4, max_length=500)


class PersonForm(forms.Form):
    """An owner or a tenant."""

    role = forms.ChoiceField(label=_("Who it is"), choices=TenancyRole.choices)
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Phone"), max_length=21, required=False, widget=forms.TextInput({"inputmode": "tel", **NUMERIC})
    )
    identity_number = forms.CharField(label=_("Identity number"), max_length=30, required=False)

    def new_person(self) -> NewPerson:
        """Return what the service takes; only after `is_valid()`."""
        return NewPerson(**self.cleaned_data)


class LookForm(forms.Form):
    """Why somebody wants to see owner and tenants."""

    purpose = forms.CharField(
        label=_("Purpose"),
        min_length=4,
        max_length=200,
        help_text=_("4 to 200 characters. Every look is recorded with your name, the time and this purpose."),
    )

"""What is looked up, and what for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.form_fields import set_choices


class LookupForm(forms.Form):
    """One look-up. The code is never put into an address: the form is posted."""

    connector = forms.ChoiceField(label=_("Register asked"))
    subject = forms.CharField(
        label=_("Code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Identity number, house code (19 or 25 characters) or social credit code (18)."),
    )  # fmt: skip
    purpose = forms.CharField(label=_("What for"), max_length=200, help_text=_("Kept with your name and the time."))
    case = forms.CharField(label=_("Number of the case"), max_length=24, required=False)

    def __init__(self, *args, connectors=(), **given):
        super().__init__(*args, **given)
        set_choices(self, "connector", [(one.code, f"{one.get_kind_display()} · {one}") for one in connectors])

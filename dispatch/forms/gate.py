"""The form of the switch that stops automatic dispatch."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .steps import text_area


class SwitchForm(forms.Form):
    """On or off, and why."""

    is_on = forms.TypedChoiceField(
        choices=[("1", _("On")), ("0", _("Off"))], coerce=lambda value: value == "1", widget=forms.HiddenInput
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=text_area(2))

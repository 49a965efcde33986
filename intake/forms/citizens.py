"""Asking to see who called."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PurposeForm(forms.Form):
    """Why somebody wants to see who called."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        min_length=4,
        help_text=_("4 to 200 characters. Every look is recorded with your name, the time and this purpose."),
    )


class DecisionForm(forms.Form):
    """Whether somebody may see who called, and why."""

    granted = forms.ChoiceField(choices=[("yes", _("Grant")), ("no", _("Do not grant"))])
    opinion = forms.CharField(label=_("Opinion"), max_length=300, required=False)

"""Asking to see who called."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PurposeForm(forms.Form):
    """Why somebody wants to see who called."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        min_length=4,
        help_text=_("4 to 200 characters. The view is recorded with your name, the time and this purpose."),
    )

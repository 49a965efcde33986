"""Sending a table of requests."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.services.sheets import ALL, GOOD

from .registering import channel_choices

HALL = "hall"


class SheetForm(forms.Form):
    """Through which channel the requests came, the file, and what happens when a row is wrong."""

    channel = forms.ChoiceField(label=_("Channel"), choices=channel_choices, initial=HALL)
    file = forms.FileField(label=_("Excel or CSV file"), allow_empty_file=True)
    mode = forms.ChoiceField(
        label=_("When a row is wrong"),
        choices=[(ALL, _("Register nothing until all are right")), (GOOD, _("Register the good rows"))],
        initial=ALL,
        widget=forms.RadioSelect,
    )

"""What is entered about items of meetings, and mediation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ItemForm(forms.Form):
    """What somebody brought up."""

    content = forms.CharField(
        label=_("What was brought up"), min_length=2, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)


class AnswerForm(forms.Form):
    """How an item was answered; the service says what is missing."""

    answer = forms.CharField(max_length=1000, required=False)


class ReferForm(forms.Form):
    """A legal matter is referred to an adviser."""

    adviser = forms.ChoiceField(label=_("Adviser"))
    matter = forms.CharField(label=_("Legal matter"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, advisers: list, today: str, **kwargs):
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["adviser"]
        choices.choices = [(str(row.pk), _label(row, today)) for row in advisers]


class ResultForm(forms.Form):
    """How a mediation ended."""

    move = forms.ChoiceField(choices=[("settle", ""), ("fail", "")], widget=forms.HiddenInput)
    result = forms.CharField(label=_("Result"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def _label(row, today: str) -> str:
    words = f"{row.name} · {row.get_kind_display()}"
    return " · ".join([words, gettext("on duty today")]) if today in row.weekdays else words

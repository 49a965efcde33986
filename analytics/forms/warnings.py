"""What is said about an early warning."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WarningForm(forms.Form):
    """A step on a warning: the version that was looked at."""

    row_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data=None, *, units=(), **given):
        super().__init__(data, **given)
        if "owner_unit_id" in self.fields:
            field = cast(forms.ChoiceField, self.fields["owner_unit_id"])
            field.choices = [("", _("Choose a unit")), *((unit.pk, unit.name) for unit in units)]

    def given(self) -> dict:
        """Return what the service is called with."""
        return dict(self.cleaned_data)


def _reason(label) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: it teaches the detectors.")},
    )


def _owner() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=pgettext_lazy("early warning", "Owner"),
        coerce=int,
        empty_value=None,
        error_messages={"required": _("Choose the unit that is to do something about it.")},
    )


class AcceptForm(WarningForm):
    """成立: why, and who does something about it."""

    owner_unit_id = _owner()
    reason = _reason(_("Why it is true"))


class RejectForm(WarningForm):
    """误报: why."""

    reason = _reason(_("Why it is a false alarm"))


class AssignForm(WarningForm):
    """Another owner."""

    owner_unit_id = _owner()


class ActForm(WarningForm):
    """What was done."""

    action = forms.CharField(
        label=_("What was done"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what was done.")},
    )


class ReopenForm(WarningForm):
    """Why it is judged again."""

    reason = _reason(_("Why it is judged again"))

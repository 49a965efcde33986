"""The shape of a QR point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.limits import ADDRESS_LIMIT
from intake.selectors.points import find_area
from intake.services import NewPoint
from intake.services.points import NAME_LENGTH
from shenzhen_gov.core.exceptions import BadInput


class PointForm(forms.Form):
    """Where a code is to hang."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, help_text=_("As it stands on the sheet, e.g. 3 栋大堂.")
    )
    area = forms.CharField(label=_("Area"), max_length=60)
    address = forms.CharField(label=_("Address"), max_length=ADDRESS_LIMIT)
    house_code = forms.CharField(label=_("House code"), max_length=25, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_area(self) -> str:
        """Return the code of the one area that is meant."""
        try:
            return find_area(self.user, self.cleaned_data["area"]).code
        except BadInput as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def new_point(self) -> NewPoint:
        """Return what the service takes; only after `is_valid()`."""
        return NewPoint(**self.cleaned_data)


class PlatesForm(forms.Form):
    """The buildings whose plates are wanted; the service says which of them may have one."""

    buildings = forms.TypedMultipleChoiceField(
        label=_("Buildings"), coerce=int, error_messages={"required": _("Tick at least one building.")}
    )

    def __init__(self, *args, offered: Iterable[int] = (), **kwargs):
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["buildings"]
        choices.choices = [(building, "") for building in offered]

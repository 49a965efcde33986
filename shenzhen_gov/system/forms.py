"""The form of a parameter's next value."""

import json

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelect2Widget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.models import Parameter

from .services import read_value


def _keys() -> list[tuple[str, str]]:
    """Return each key with its present value and what it is for."""
    newest = Parameter.objects.order_by("key", "effective_from")
    present = {row.key: row for row in newest}
    return [("", "")] + [
        (row.key, f"{row.key} = {json.dumps(row.value, ensure_ascii=False)} {row.unit}") for row in present.values()
    ]


class ParameterForm(forms.ModelForm):
    """Which parameter, its value from which day on, and by which rule."""

    key = forms.ChoiceField(label=_("Key"), choices=_keys, widget=UnfoldAdminSelect2Widget)
    value = forms.CharField(
        label=_("Value"), widget=UnfoldAdminTextInputWidget, help_text=_('As JSON: 20, 0.2, "text", true')
    )
    effective_from = forms.DateField(
        label=_("In force from"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget,
        help_text=_("Today or later; what was in force before stays."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), max_length=200, widget=UnfoldAdminTextInputWidget,
        help_text=_("The rule it comes from; [P] marks a proposal."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Parameter
        fields = ("key", "value", "effective_from", "source", "note")

    def clean_value(self):
        """Return the value itself."""
        try:
            return read_value(self.cleaned_data["value"])
        except BadInput as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the rules to the service: the model's slug knows no dot, and a second value for a day may replace."""
        return set(self.fields)

    def validate_unique(self) -> None:
        """A second value for a day to come replaces the first; the service decides."""

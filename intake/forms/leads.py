"""The shape of a lead, and of what verification found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grid.models import Area
from intake.choices import LeadKind, Urgency
from intake.limits import ADDRESS_LIMIT, CONTENT_LIMIT, TITLE_LIMIT
from intake.models import Channel
from intake.selectors.areas import area_path, search_areas
from intake.services.lead_reports import NewLead
from shenzhen_gov.core.texts import joined_parts

# The channel a person's lead comes in through, by what it is; data/channels.csv has them.
CHANNELS = {
    LeadKind.SENSOR: "sensor",
    LeadKind.CAMERA: "sensor",
    LeadKind.DRONE: "sensor",
    LeadKind.MEDIA: "lead",
    LeadKind.PATROL: "grid",
    LeadKind.MEETING: "secretary_tea",
}


class AreaField(forms.CharField):
    """An area by its name or code; gives its code, or an empty text. One name that fits several is refused."""

    def clean(self, value: Any) -> str:
        """Return the code of the one area that fits."""
        text = super().clean(value)
        if not text:
            return ""
        found = search_areas(text)
        exact = [area for area in found if text in (area.code, area.name, area.short_name)]
        if len(fits := exact or found) != 1:
            raise forms.ValidationError(_several(fits) if fits else _("No area is called so."))
        return fits[0].code


def _several(areas: list[Area]) -> str:
    names = joined_parts(" ".join(area_path(area)) for area in areas)
    return gettext("Several areas are called so; name one like this: %(names)s.") % {"names": names}


class LeadForm(forms.Form):
    """线索: what was found, where."""

    kind = forms.ChoiceField(label=_("Where it comes from"), choices=LeadKind.choices, initial=LeadKind.PATROL)
    content = forms.CharField(
        label=_("What was found"), min_length=2, max_length=CONTENT_LIMIT, widget=forms.Textarea(attrs={"rows": 5})
    )
    title = forms.CharField(label=_("Title"), max_length=TITLE_LIMIT, required=False)
    address = forms.CharField(label=_("Place"), max_length=ADDRESS_LIMIT, required=False)
    area = AreaField(
        label=_("Area"), max_length=60, required=False, help_text=_("Empty: it is read from place and text.")
    )
    link = forms.URLField(label=_("Web address"), max_length=500, required=False, assume_scheme="https")
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, initial=Urgency.NORMAL)

    def new_lead(self) -> NewLead:
        """Return what the service takes; only after `is_valid()`."""
        given = self.cleaned_data
        code = CHANNELS[LeadKind(given["kind"])]
        known = Channel.objects.filter(code=code, is_active=True).exists()
        return NewLead(channel=code if known else "lead", **given)


class FindingForm(forms.Form):
    """内容核实: what somebody saw who looked; `move` says which button was pressed."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)
    move = forms.ChoiceField(choices=[("verify", ""), ("dismiss", ""), ("file", "")], widget=forms.HiddenInput)
    finding = forms.CharField(
        label=_("What was found when it was looked at"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    area = AreaField(label=_("Area"), max_length=60, required=False, help_text=_("Empty: stays as it is."))
    item = forms.ChoiceField(label=_("Duty item"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args, items: list[tuple[str, str]] = (), **kwargs):  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["item"]
        choices.choices = [("", _("Leave it open")), *items]

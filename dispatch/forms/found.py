"""What the grid finds, as the phone sends it: photo first."""

from __future__ import annotations

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from dispatch.services import NewFinding
from dispatch.services.found import DONE_LIMIT
from intake.choices import Urgency
from intake.models import Case
from shenzhen_gov.core.form_fields import FilesField, set_choices

from .steps import text_area

LONGEST = 2_000
URGENCIES = [choice for choice in Urgency.choices if choice[0] in (Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY)]
ADDRESS = Case._meta.get_field("address").max_length


class FoundForm(forms.Form):
    """一般事件: a photo, a line, where."""

    photos: FilesField | None = FilesField(label=_("Photo"), required=False)
    content = forms.CharField(label=_("What did you find?"), max_length=LONGEST, widget=text_area(3))
    area = forms.ChoiceField(label=_("Area"))
    address = forms.CharField(label=_("Where exactly?"), max_length=ADDRESS, required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=URGENCIES, initial=Urgency.NORMAL, required=False)
    item = forms.CharField(label=_("Which duty item?"), max_length=160, required=False)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    task = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, areas, **given):
        given["initial"] = {"key": secrets.token_urlsafe(16)} | given.pop("initial", {})
        super().__init__(*args, **given)
        self.areas = areas
        set_choices(self, "area", [(area.code, area.name) for area in areas])

    def clean_item(self) -> str:
        """Return the code at the beginning of what was chosen from the list."""
        return self.cleaned_data["item"].split(" ")[0].strip()

    def clean_urgency(self) -> str:
        """Return how urgent it is; nothing said: as usual."""
        return self.cleaned_data["urgency"] or Urgency.NORMAL

    def finding(self) -> NewFinding:
        """Return what the service takes; only after `is_valid()`."""
        names = ("content", "area", "address", "urgency", "item", "longitude", "latitude", "task")
        return NewFinding(**{name: self.cleaned_data[name] for name in names})


class SolvedForm(FoundForm):
    """即采即办: a photo from before, one from after, and what was done."""

    photos = None
    before = FilesField(label=_("Before the work"), error_messages={"required": _("A photo from before is needed.")})
    after = FilesField(label=_("After the work"), error_messages={"required": _("A photo from after is needed.")})
    done = forms.CharField(label=_("What did you do?"), max_length=DONE_LIMIT, widget=text_area(2))
    item = forms.CharField(label=_("Which duty item?"), max_length=160)

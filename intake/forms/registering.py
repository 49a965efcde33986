"""The shape of what an agent enters. Forms validate; services save."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.selectors import area_by_house_code
from intake.choices import ReplyWay, RequestType, Urgency
from intake.limits import ADDRESS_LIMIT, CONTENT_LIMIT, NAME_LIMIT, TITLE_LIMIT, WISH_LIMIT
from intake.services import NewCase, Upload
from intake.services.channels import channels_in_use
from intake.services.citizens import normal_phone
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.form_fields import FilesField, OfferedField, shared_fields

from .places import PointFields

HOTLINE = "hotline"
NOT_OF_THE_CASE = ("key", "files", "link_to", "site")


def channel_choices() -> list[tuple[str, str]]:
    """Return the channels in use as choices."""
    return [(channel.code, channel.label) for channel in channels_in_use()]


@shared_fields
class RegisterForm(PointFields):
    """登记. Codes of area and item are filled in by the page's pickers; errors name the field that shows them."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    channel = OfferedField(label=_("Channel"), choices=channel_choices)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    name = forms.CharField(label=_("Caller's name"), max_length=NAME_LIMIT, required=False)
    wants_secrecy = forms.BooleanField(label=_("Wants secrecy"), required=False)
    content = forms.CharField(
        label=_("What it is about"),
        min_length=2,
        max_length=CONTENT_LIMIT,
        widget=forms.Textarea,
        strip=True,
        error_messages={"required": _("Write down what the request is about.")},
    )
    title = forms.CharField(label=_("Title"), max_length=TITLE_LIMIT, required=False)
    address = forms.CharField(label=_("Place"), max_length=ADDRESS_LIMIT, required=False)
    area = forms.CharField(label=_("Area"), max_length=20, required=False, widget=forms.HiddenInput)
    house_code = forms.CharField(label=_("House code"), max_length=40, required=False)
    request_type = forms.ChoiceField(label=_("Kind of request"), choices=RequestType.choices, initial=RequestType.HELP)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, initial=Urgency.NORMAL)
    is_secret = forms.BooleanField(label=_("Secret"), required=False)
    needs_callback = forms.BooleanField(label=_("Needs a call-back"), required=False)
    wish = forms.CharField(label=_("Wish"), max_length=WISH_LIMIT, required=False)
    reply_way = forms.ChoiceField(label=_("Reply by"), choices=ReplyWay.choices, initial=ReplyWay.PHONE)
    item = forms.CharField(label=_("Duty item"), max_length=40, required=False, widget=forms.HiddenInput)
    suggested = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    link_to = forms.CharField(label=_("Same matter as"), max_length=24, required=False, widget=forms.HiddenInput)
    site = forms.IntegerField(  # of the counter where it is taken
        min_value=1, max_value=2**31, required=False, widget=forms.HiddenInput
    )
    files = FilesField(label=_("Files"), required=False)  # type: ignore[assignment]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"key": uuid.uuid4().hex, "channel": HOTLINE})
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        """Refuse what is no phone number beside the field, together with the other errors."""
        return self._checked("phone", normal_phone)

    def clean_house_code(self) -> str:
        """Refuse what is no house code, or lies in no known community."""
        self._checked("house_code", lambda code: code and area_by_house_code(code))
        return self.cleaned_data["house_code"]

    def _checked(self, name: str, check: Callable) -> Any:
        try:
            return check(self.cleaned_data[name])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def new_case(self) -> NewCase:
        """Return what the service takes; only after `is_valid()`."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in NOT_OF_THE_CASE}
        return NewCase(**given)

    def uploads(self) -> list[Upload]:
        """Return the files; only after `is_valid()`."""
        return [Upload(file) for file in self.cleaned_data["files"]]


@shared_fields
class AssistForm(forms.Form):
    """What the page knows while somebody types; nothing in it is refused, too long texts are cut."""

    content = forms.CharField(required=False)
    address = forms.CharField(required=False)
    area = forms.CharField(max_length=20, required=False)
    house_code = forms.CharField(max_length=40, required=False)
    item = forms.CharField(max_length=40, required=False)
    search = forms.CharField(max_length=60, required=False)
    urgency = forms.CharField(max_length=10, required=False)
    phone = forms.CharField(max_length=30, required=False)


# what a draft keeps: everything typed or chosen, also the words of a place; files cannot be kept
DRAFT_FIELDS = (*(name for name in RegisterForm.base_fields if name not in ("key", "files")), "area_words")

"""The shape of what visitors without log-in enter. Errors name the field; what was typed is kept."""

from __future__ import annotations

import time
import uuid

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.limits import ADDRESS_LIMIT, CONTENT_LIMIT, EVALUATION_LIMIT, NAME_LIMIT, SUPPLEMENT_LIMIT
from intake.services import NewCase, Scores, Upload
from intake.services.citizens import normal_phone
from intake.services.withdrawing import REASON_LIMIT
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.form_fields import FilesField, FilesInput

from .places import PointFields

SALT = "report"
ACCEPT = "image/*,video/*,audio/*,application/pdf"
FIVE = [
    (5, gettext_lazy("Very satisfied")),
    (4, gettext_lazy("Satisfied")),
    (3, gettext_lazy("So-so")),
    (2, gettext_lazy("Not satisfied")),
    (1, gettext_lazy("Not satisfied at all")),
]


def new_stamp() -> str:
    """Return what a new form carries: a key of its own and when it was shown, signed."""
    return signing.dumps([uuid.uuid4().hex, int(time.time())], salt=SALT)


def read_stamp(stamp: str) -> tuple[str, float]:
    """Return (key, seconds since the form was shown). Raises signing.BadSignature."""
    key, shown = signing.loads(stamp, salt=SALT)
    return key, time.time() - shown


class ReportForm(PointFields):
    """One screen: what it is about, pictures, where, and how to be reached."""

    stamp = forms.CharField(max_length=200, widget=forms.HiddenInput)
    content = forms.CharField(
        label=gettext_lazy("What is it about?"),
        min_length=2,
        max_length=CONTENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write down what the request is about.")},
    )
    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Photos, video or a voice message"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT}),
    )
    address = forms.CharField(
        label=gettext_lazy("Where?"),
        max_length=ADDRESS_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Your phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("So that the unit can ask you and answer you. Shown to nobody else."),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=NAME_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    wants_secrecy = forms.BooleanField(label=gettext_lazy("Do not tell the unit who I am"), required=False)
    # Not for people: a field that pages hide and that programs fill in.
    homepage = forms.CharField(required=False, max_length=500)

    def clean_phone(self) -> str:
        """Refuse what is no phone number."""
        try:
            return normal_phone(self.cleaned_data["phone"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_stamp(self) -> str:
        """Refuse a form that is not ours; a fresh one keeps the text."""
        try:
            read_stamp(self.cleaned_data["stamp"])
        except signing.BadSignature as error:
            raise forms.ValidationError(_("Please look it over once and press “Send” again.")) from error
        return self.cleaned_data["stamp"]

    def new_case(self, **door) -> NewCase:
        """Return what the service takes; `door` is what the page itself knows. Only after `is_valid()`."""
        names = ("content", "address", "longitude", "latitude", "phone", "name", "wants_secrecy")
        return NewCase(**({name: self.cleaned_data[name] for name in names} | door))

    def uploads(self) -> list[Upload]:
        """Return the files; only after `is_valid()`."""
        return [Upload(file) for file in self.cleaned_data["files"]]


class TrackForm(forms.Form):
    """A number and the last four digits of the phone."""

    number = forms.CharField(
        label=gettext_lazy("Number of the request"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "placeholder": "SZ…"}),
    )
    digits = forms.CharField(
        label=gettext_lazy("Last four digits of your phone number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class AddForm(forms.Form):
    """Something to be added to a case."""

    text = forms.CharField(
        label=gettext_lazy("What is to be added?"),
        max_length=SUPPLEMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Photos, video or a voice message"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT}),
    )

    def uploads(self) -> list[Upload]:
        """Return the files; only after `is_valid()`."""
        return [Upload(file) for file in self.cleaned_data["files"]]


class WithdrawForm(forms.Form):
    """Why a case is to be withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=REASON_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )


def _score(label, *, required: bool = False) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=FIVE, coerce=int, empty_value=None, required=required, widget=forms.RadioSelect
    )


class RateForm(forms.Form):
    """Overall and four scores (F W5), and words."""

    overall = _score(gettext_lazy("All in all"), required=True)
    speed = _score(gettext_lazy("Speed of handling"))
    effect = _score(gettext_lazy("Result of handling"))
    experience = _score(gettext_lazy("Service"))
    feedback = _score(gettext_lazy("Quality of the reply"))
    text = forms.CharField(
        label=gettext_lazy("What should we know?"),
        max_length=EVALUATION_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def four(self) -> list:
        """Return the four scores as the page shows them."""
        return [self[name] for name in ("speed", "effect", "experience", "feedback")]

    def scores(self) -> Scores:
        """Return what the service takes; only after `is_valid()`."""
        return Scores(**self.cleaned_data)

"""The shape of what is entered on the desks. Forms check; services decide and save."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import ContactResult, SendBackReason
from dispatch.models import WorkOrder
from intake.choices import AttachmentKind, ReplyWay

CONTACT_WAYS = [choice for choice in ReplyWay.choices if choice[0] not in {ReplyWay.NOT_NEEDED, ReplyWay.UNREACHABLE}]
LONGEST_REPORT = 5000
MOST_PHOTOS = 12
IMAGES = "image/*"


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several pictures and, on a phone, opens the camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures; the cleaned value is a list."""

    widget = PhotosInput

    def clean(self, data, initial=None):
        """Check each file by itself; nothing chosen is an empty list."""
        files = [super(PhotosField, self).clean(one, initial) for one in data or []]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("At most %(most)s pictures.") % {"most": MOST_PHOTOS})
        return files


def photos_field(label) -> PhotosField:
    """Return an optional field for pictures."""
    return PhotosField(
        label=label, required=False, widget=PhotosInput(attrs={"accept": IMAGES, "capture": "environment"})
    )


def text_area(rows: int, **attrs) -> forms.Textarea:
    """Return a text box of `rows` lines."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


class StepForm(forms.Form):
    """What every step on a work order sends: the version of the row that was looked at."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, work_order: WorkOrder, **given):
        self.work_order = work_order
        given.setdefault("prefix", None)
        super().__init__(
            data, files, initial={"row_version": work_order.row_version, **given.pop("initial", {})}, **given
        )

    def given(self) -> dict:
        """Return what the service is called with."""
        return dict(self.cleaned_data)


class SignForm(StepForm):
    """签收: nothing to enter."""


class ContactForm(StepForm):
    """联系诉求人: how, and what came of it."""

    way = forms.ChoiceField(label=_("Way"), choices=CONTACT_WAYS, initial=ReplyWay.PHONE)
    result = forms.ChoiceField(
        label=_("Result"), choices=ContactResult.choices, widget=forms.RadioSelect, initial=ContactResult.REACHED
    )
    note = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=500,
        widget=text_area(2, autofocus=True),
    )

    def clean(self):
        """An attempt that failed says what was tried."""
        cleaned = super().clean()
        if cleaned.get("result") not in {None, ContactResult.REACHED} and not cleaned.get("note"):
            self.add_error("note", _("Say what was tried and when."))
        return cleaned


class HandDownForm(StepForm):
    """转派: to which unit below."""

    unit_id = forms.TypedChoiceField(
        label=_("To"), coerce=int, empty_value=None, error_messages={"required": _("Choose the unit.")}
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=text_area(2))

    def __init__(self, *args, units=(), **given):
        super().__init__(*args, **given)
        self.fields["unit_id"].choices = [("", _("Choose a unit")), *((unit.pk, unit.name) for unit in units)]


class ReportForm(StepForm):
    """处置反馈: what was done, how the citizen was told, pictures before and after."""

    text = forms.CharField(
        label=_("What was done, and the result"),
        help_text=_("The citizen reads this once the case is closed: no names, no numbers."),
        error_messages={"required": _("Say what was done.")},
        max_length=LONGEST_REPORT,
        widget=text_area(4, autofocus=True),
    )
    told_way = forms.ChoiceField(
        label=_("Citizen told by"), choices=[("", _("Not told yet")), *ReplyWay.choices], required=False
    )
    before = photos_field(_("Pictures before"))
    after = photos_field(_("Pictures after"))

    def given(self) -> dict:
        """Return what the service is called with: the pictures as (kind, file)."""
        given = dict(self.cleaned_data)
        kinds = ((AttachmentKind.BEFORE, given.pop("before")), (AttachmentKind.AFTER, given.pop("after")))
        return given | {"photos": [(kind.value, file) for kind, files in kinds for file in files]}


def split_criteria(text: str) -> list[str]:
    """Return the closing criteria of a duty item one by one."""
    return [part.strip() for part in re.split(r"[；;。\n]+", text or "") if part.strip()]


class ApproveForm(StepForm):
    """审核通过: each closing criterion is checked off beside the evidence."""

    criteria = forms.MultipleChoiceField(
        label=_("Closing criteria"), required=False, widget=forms.CheckboxSelectMultiple
    )
    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=500, widget=text_area(2))

    def __init__(self, *args, criteria=(), **given):
        super().__init__(*args, **given)
        self.fields["criteria"].choices = [(str(number), text) for number, text in enumerate(criteria)]

    def clean_criteria(self):
        """Every criterion is met, or the report goes back."""
        ticked, all_of_them = self.cleaned_data["criteria"], self.fields["criteria"].choices
        if len(ticked) < len(all_of_them):
            raise forms.ValidationError(
                _("%(missing)s of %(all)s criteria are not checked off. Check them, or send the report back.")
                % {"missing": len(all_of_them) - len(ticked), "all": len(all_of_them)}
            )
        return ticked

    def given(self) -> dict:
        """Return what the service is called with: the ticks are for the reviewer's own care."""
        given = dict(self.cleaned_data)
        given.pop("criteria")
        return given


class SendBackForm(StepForm):
    """审核不通过: the reason and what is missing."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        error_messages={"required": _("Choose why the report is sent back.")},
        choices=[("", _("Choose a reason")), *((r.value, r.label) for r in SendBackReason if r.value)],
    )
    opinion = forms.CharField(
        label=_("What is missing"),
        error_messages={"required": _("Write what is still to be done.")},
        max_length=500,
        widget=text_area(3),
    )


class DispatchForm(forms.Form):
    """人工分拨: to which unit, for which item, why."""

    unit_id = forms.IntegerField(
        label=_("Unit"), widget=forms.HiddenInput, error_messages={"required": _("Choose the unit.")}
    )
    item_id = forms.IntegerField(label=_("Duty item"), required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Why this unit"), required=False, max_length=300, widget=text_area(2))


class QueueFilterForm(forms.Form):
    """What narrows a desk: unit, item, channel, words of the title or the number."""

    q = forms.CharField(label=_("Title or number"), required=False, max_length=60)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=60)
    channel = forms.TypedChoiceField(label=_("Channel"), required=False, coerce=int, empty_value=None)
    item = forms.CharField(label=_("Duty item"), required=False, max_length=60)

    def __init__(self, *args, channels=(), **given):
        super().__init__(*args, **given)
        self.fields["channel"].choices = [("", _("All channels")), *((row.pk, str(row)) for row in channels)]

    @property
    def is_narrowing(self) -> bool:
        """Whether anything is narrowed."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def describe(self) -> str:
        """Return what is narrowed, in words."""
        chosen = []
        for name, field in self.fields.items():
            if value := self.data.get(name):
                words = dict((str(key), text) for key, text in getattr(field, "choices", [])).get(value, value)
                chosen.append(f"{field.label}: {words}")
        return " · ".join(chosen)


class ReplayForm(forms.Form):
    """The days whose closed cases are replayed: the last 30, the last 90, or from a day to a day."""

    period = forms.ChoiceField(
        label=_("Cases closed"),
        choices=[("30", _("last 30 days")), ("90", _("last 90 days")), ("days", _("from … to …"))],
        initial="30",
    )
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(
        label=pgettext_lazy("days", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self):
        """Ask for both days where they are chosen."""
        given = super().clean() or {}
        if given.get("period") == "days":
            for name in ("first", "last"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Give the day."))
        return given

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and the last day."""
        period = self.cleaned_data["period"]
        if period == "days":
            return self.cleaned_data["first"], self.cleaned_data["last"]
        return today - timedelta(days=int(period)), today


class ForecastForm(forms.Form):
    """What the agent's desk knows of a request; what is no code counts as not given."""

    item = forms.CharField(max_length=40, required=False)
    area = forms.CharField(max_length=20, required=False)
    house_code = forms.CharField(max_length=40, required=False)
    urgency = forms.CharField(max_length=10, required=False)
    request_type = forms.CharField(max_length=12, required=False)
    channel = forms.CharField(max_length=30, required=False)
    is_secret = forms.BooleanField(required=False)
    is_sensitive = forms.BooleanField(required=False)

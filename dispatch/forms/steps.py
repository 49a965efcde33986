"""What the forms of every step share: the version of the row looked at, pictures, text boxes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dispatch.models import WorkOrder
from intake.models import Case

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


class CaseStepForm(forms.Form):
    """What every step on a case itself (urging, supervising, …) sends: the version of the case that was looked at."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, case: Case, **given):
        self.case = case
        initial = {"row_version": case.row_version, **given.pop("initial", {})}
        super().__init__(data, files, initial=initial, **given)

    def given(self) -> dict:
        """Return what the service is called with."""
        return dict(self.cleaned_data)

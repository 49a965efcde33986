"""What the pages of places and cells ask for."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.selectors import cells as selectors
from grid.services.cells import NAME_LENGTH, NewCell
from grid.services.posts import NewPost
from shenzhen_gov.core.form_fields import set_choices

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ImportForm(forms.Form):
    """A table of buildings or rooms."""

    file = forms.FileField(label=_("Excel or CSV file"), allow_empty_file=True)
    source = forms.CharField(label=_("Source"), max_length=120, required=False)


class OutlineForm(forms.Form):
    """A GeoJSON file of outlines."""

    file = forms.FileField(label=_("GeoJSON file"), allow_empty_file=True)
    source = forms.CharField(label=_("Source"), max_length=120, required=False)


class CellForm(forms.Form):
    """A cell or sub-cell to set up."""

    code = forms.CharField(label=_("Code"), max_length=16)
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)

    def new_cell(self, parent) -> NewCell:
        """Return what the service takes; only after `is_valid()`."""
        return NewCell(self.cleaned_data["code"], self.cleaned_data["name"], parent.code)


class PostForm(forms.Form):
    """A post in a cell, and who holds it."""

    title = forms.CharField(label=_("Post held"), max_length=40)
    staff = forms.TypedChoiceField(label=_("Account"), required=False, coerce=int, empty_value=None)
    person = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=40,
        required=False,
        help_text=_("Of somebody without an account."),
    )
    begins_on = forms.DateField(label=_("From"), widget=DAY, initial=timezone.localdate)

    def __init__(self, *args, user, area, **kwargs):
        super().__init__(*args, **kwargs)
        people = [(one.pk, f"{one.get_full_name()} · {one.unit}") for one in selectors.staff_for_posts(user, area)]
        set_choices(self, "staff", [("", "—"), *people])

    def new_post(self, area) -> NewPost:
        """Return what the service takes; only after `is_valid()`."""
        given = self.cleaned_data
        return NewPost(area.pk, given["title"], given["begins_on"], given["staff"], given["person"])


class PostEndForm(forms.Form):
    """When a post ends."""

    ends_on = forms.DateField(label=_("Until"), widget=DAY, initial=timezone.localdate)

"""The form in which a request is taken apart."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.models import Case
from intake.services import Part
from shenzhen_gov.core.form_fields import set_choices

from .steps import text_area

FEWEST, MOST = 2, 5


class PartForm(forms.Form):
    """One matter: its words, a title, the item and the place where they are known."""

    content = forms.CharField(label=_("Content"), required=False, widget=text_area(2))
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=Case._meta.get_field("title").max_length,
        help_text=_("Empty: the first sentence."),
    )
    item = forms.ChoiceField(label=_("Duty item"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)

    def __init__(self, *args, items=(), areas=(), **given):
        super().__init__(*args, **given)
        set_choices(self, "item", [("", _("To be found afterwards")), *items])
        set_choices(self, "area", [("", _("Where the whole request was")), *areas])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written; its title, item and place then mean nothing."""
        return not self.cleaned_data.get("content", "").strip()

    def part(self) -> Part:
        """Return what the service is called with."""
        return Part(**self.cleaned_data)


class PartForms(forms.BaseFormSet):
    """2 to 5 parts; those left empty are none."""

    def clean(self):
        """Ask for a second part where there is only one."""
        if not any(self.errors) and len(self.filled()) < FEWEST:
            text = _("Write down at least two matters; a request about one of them is not split.")
            raise forms.ValidationError(text)

    def filled(self) -> list[PartForm]:
        """Return the forms of the parts that were written."""
        return [form for form in self.forms if not form.is_empty]


SplitForms = cast(
    type[PartForms],
    forms.formset_factory(PartForm, formset=PartForms, extra=0, min_num=MOST, max_num=MOST, absolute_max=MOST),
)

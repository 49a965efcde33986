"""The shape of an objection, of what is said about it, of a ruling and of a planned institutional change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dutylist.choices import PlanKind
from dutylist.models import Batch
from dutylist.selectors.names import find_area, find_unit
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.form_fields import FilesField
from shenzhen_gov.core.workflow import Offer

OPINION_LENGTH = 500


class NameField(forms.CharField):
    """A unit or an area by its name, suggested while it is typed; gives its id, or None. `kind`: unit or area."""

    def __init__(self, kind: str, **given):
        self.kind = kind
        super().__init__(max_length=200, **given)

    def widget_attrs(self, widget) -> dict[str, Any]:
        """Let htmx fetch the suggestions into the page's data list of this kind."""
        return super().widget_attrs(widget) | {
            "list": f"{self.kind}-names",
            "autocomplete": "off",
            "hx-get": reverse_lazy("dutylist:names", args=[self.kind]),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{self.kind}-names",
        }

    def clean(self, value: Any) -> Any:
        """Return the id of what was named, or None."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return (find_unit(text, timezone.localdate()) if self.kind == "unit" else find_area(text)).pk
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ObjectionForm(forms.Form):
    """异议: what is wrong with an item, and who should answer where."""

    title = forms.CharField(label=_("Title"), max_length=120)
    content = forms.CharField(
        label=_("What is objected to, and why"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    area = NameField("area", label=_("In which area"), required=False)
    handling_unit = NameField("unit", label=_("Unit that should answer there"), required=False)
    files = FilesField(  # type: ignore[assignment]
        label=_("Documents"), required=False, help_text=_("PDF files or pictures, at most three.")
    )


class VerdictForm(forms.Form):
    """One step of the route: a verdict and an opinion."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)
    move = forms.ChoiceField(label=_("Verdict"), widget=forms.RadioSelect)
    opinion = forms.CharField(
        label=_("Opinion"), max_length=OPINION_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed unless you agree."),
    )  # fmt: skip

    def __init__(self, *args, offers: Iterable[Offer] = (), **given):
        super().__init__(*args, **given)
        choice: Any = self.fields["move"]
        choice.choices = [(offer.move.name, offer.move.label) for offer in offers if offer.allowed]


class BatchChoiceForm(forms.Form):
    """Into which draft something is taken: an open one, or a new one."""

    batch = forms.TypedChoiceField(label=_("Batch"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args, drafts: Iterable[Batch] = (), **given):
        super().__init__(*args, **given)
        choice: Any = self.fields["batch"]
        choice.choices = [("", _("A new batch")), *((one.pk, f"{one.number} {one.title}") for one in drafts)]


class TakeForm(BatchChoiceForm):
    """An agreed objection becomes a line: the unit and the area may still be named or changed."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)
    area = NameField("area", label=_("In which area"), required=False)
    unit = NameField("unit", label=_("Unit that shall answer there"), required=False)


class RulingForm(BatchChoiceForm):
    """裁决: who answers for an item in an area from now on."""

    area = NameField("area", label=_("In which area"))
    lead_unit = NameField("unit", label=_("Lead unit"))
    fallback_unit = NameField("unit", label=_("Fallback unit"), required=False)
    document = forms.CharField(label=_("Ruling (number or title)"), max_length=200)


class PlanForm(forms.Form):
    """机构变更: what shall happen to a unit on a day."""

    kind = forms.ChoiceField(label=_("What is planned"), choices=PlanKind.choices, widget=forms.RadioSelect)
    unit = NameField("unit", label=_("Unit"))
    effective_on = forms.DateField(label=_("In force from"), widget=_day())
    new_name = forms.CharField(label=_("New name"), max_length=120, required=False)
    into = NameField("unit", label=_("Successor"), required=False)
    part_names = forms.CharField(
        label=_("Parts"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One name a line. They are set up at once, so that the duty list can name them."),
    )  # fmt: skip
    ends = forms.BooleanField(
        label=_("The unit ends; the first part follows it"), required=False, initial=True
    )  # fmt: skip
    document = forms.CharField(label=_("Decision document"), max_length=200, required=False)

    def given(self) -> dict[str, Any]:
        """Return what the service takes; only after `is_valid()`."""
        data = self.cleaned_data
        names = tuple(dict.fromkeys(name.strip() for name in data["part_names"].splitlines() if name.strip()))
        return {
            "kind": data["kind"], "unit_id": data["unit"], "effective_on": data["effective_on"],
            "into_id": data["into"], "part_names": names, "ends": data["ends"], "new_name": data["new_name"],
            "document": data["document"],
        }  # fmt: skip

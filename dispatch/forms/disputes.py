"""The forms of a docket: asking for a ruling, the argument of a party, the ruling, a conference, withdrawing."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import RulingPrinciple
from dispatch.services.disputes import MOST_CITATIONS, Citation

from .steps import PhotosField, PhotosInput, text_area

LONGEST_NAME = 120
ENDINGS = ("", *(f"_{place}" for place in range(2, MOST_CITATIONS + 1)))  # of the fields of each cited entry


class OpenDocketForm(forms.Form):
    """提请裁决 at the dispatch desk: what is disputed, and who handles it meanwhile."""

    reason = forms.CharField(
        label=_("What is disputed"),
        max_length=1000,
        error_messages={"required": _("Say what is disputed.")},
        widget=text_area(2),
    )
    unit_id = forms.TypedChoiceField(label=_("Handles it meanwhile"), required=False, coerce=int, empty_value=None)

    def __init__(self, data=None, *, units=(), **given):
        super().__init__(data, auto_id="id_docket_%s", **given)
        field = cast(forms.ChoiceField, self.fields["unit_id"])
        field.choices = [("", _("As the rule says")), *((unit.pk, unit.name) for unit in units)]


class ArgueForm(forms.Form):
    """举证: what the unit says, the entries it cites with their sentences (`item`, `item_2` …), evidence."""

    unit_id = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Argument"),
        max_length=3000,
        error_messages={"required": _("Write the argument.")},
        widget=text_area(4),
    )
    # Django takes declared fields off the class, so the form's own `files` stays what was sent.
    files = PhotosField(label=_("Evidence"), required=False, widget=PhotosInput())  # type: ignore[assignment]

    def __init__(self, data=None, files=None, *, unit_id: int, **given):
        super().__init__(data, files, auto_id=f"id_argue_{unit_id}_%s", **given)
        self.fields["unit_id"].initial = unit_id
        for ending in ENDINGS:
            self.fields[f"item{ending}"] = forms.CharField(
                label=_("Cited entry (code)"), required=False, max_length=40,
                widget=forms.TextInput(attrs={"list": "docket-entries", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"quote{ending}"] = forms.CharField(
                label=_("Sentence of the entry"), required=False, max_length=500,
                widget=forms.TextInput(attrs={"placeholder": _("Left empty, the first sentence of its scope")}),
            )  # fmt: skip

    @staticmethod
    def citing(citations) -> dict[str, str]:
        """Return the initial values of the entries cited before."""
        rows = zip(ENDINGS, citations, strict=False)
        return {
            name: value
            for ending, one in rows
            for name, value in ((f"item{ending}", one.version.item.code), (f"quote{ending}", one.quote))
        }

    @property
    def cited(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the rows that say something, and one more to write in."""
        return self._rows()[: self._filled() + 1]

    @property
    def further(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the rows below, which few need."""
        return self._rows()[self._filled() + 1 :]

    def given(self) -> dict:
        """Return what the service is called with."""
        given = {name: self.cleaned_data[name] for name in ("unit_id", "text", "files")}
        cited = [Citation(self.cleaned_data[f"item{end}"], self.cleaned_data[f"quote{end}"]) for end in ENDINGS]
        return given | {"citations": cited}

    def _rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"item{ending}"], self[f"quote{ending}"]) for ending in ENDINGS]

    def _filled(self) -> int:
        """Return the number of the last row in which something stands or is wrong."""
        said = [any(field.value() or field.errors for field in row) for row in self._rows()]
        return max((place for place, is_said in enumerate(said, start=1) if is_said), default=0)


class VersionedForm(forms.Form):
    """A step of the docket itself: the version that was looked at."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def given(self) -> dict:
        """Return what the service is called with."""
        return dict(self.cleaned_data)


class RuleDocketForm(VersionedForm):
    """裁决: who is responsible, who stands in, by which principle, why, and what follows for the list."""

    unit = forms.CharField(
        label=_("Responsible unit"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Name the responsible unit.")},
        widget=forms.TextInput(attrs={"list": "docket-units", "autocomplete": "off"}),
    )
    fallback = forms.CharField(
        label=_("Fallback unit"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Name the fallback unit.")},
        widget=forms.TextInput(attrs={"list": "docket-units", "autocomplete": "off"}),
    )
    principle = forms.ChoiceField(
        label=_("Principle"),
        choices=RulingPrinciple.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the principle.")},
    )
    item = forms.CharField(
        label=_("Entry it rests on (code)"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "docket-entries", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=pgettext_lazy("docket", "Reasons of the ruling"),
        max_length=2000,
        error_messages={"required": _("Give the reasons of the ruling.")},
        widget=text_area(5),
    )
    amends = forms.BooleanField(label=_("Draft the change of the duty list"), required=False, initial=True)


class ReasonForm(VersionedForm):
    """Why a conference is called, or a docket withdrawn."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, error_messages={"required": _("Give the reason.")}, widget=text_area(2)
    )

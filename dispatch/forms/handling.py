"""The forms of handling and reviewing a work order."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from dispatch.choices import Adoption, ClosingEvidence, ContactResult, SendBackReason
from intake.choices import AttachmentKind, ReplyWay
from shenzhen_gov.core.form_fields import set_choices

from .steps import StepForm, photos_field, text_area

CONTACT_WAYS = [choice for choice in ReplyWay.choices if choice[0] not in {ReplyWay.NOT_NEEDED, ReplyWay.UNREACHABLE}]
LONGEST_REPORT = 5000


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
        cleaned = super().clean() or {}
        if cleaned.get("result") not in {None, ContactResult.REACHED} and not cleaned.get("note"):
            self.add_error("note", _("Say what was tried and when."))
        return cleaned


class HandDownForm(StepForm):
    """转派: to which unit below."""

    unit_id = forms.TypedChoiceField(
        label=_("To"), coerce=int, empty_value=None, error_messages={"required": _("Choose the unit.")}
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=text_area(2))

    def __init__(self, *args, units=(), officers=None, **given):
        super().__init__(*args, **given)
        named = [(unit.pk, _with_officers(unit.name, (officers or {}).get(unit.pk))) for unit in units]
        set_choices(self, "unit_id", [("", _("Choose a unit")), *named])


def _with_officers(name: str, officers: str | None) -> str:
    return f"{name} · {officers}" if officers else name


# Fields that only some closing criteria ask for: the evidence, and whether the field must always be filled in.
OF_EVIDENCE = {
    "done_on": (ClosingEvidence.COURSE, True),
    "result": (ClosingEvidence.COURSE, True),
    "adoption": (ClosingEvidence.ADOPTION, True),
    "adoption_reason": (ClosingEvidence.ADOPTION, False),
}


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
    done_on = forms.DateField(
        label=_("Dealt with on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    result = forms.CharField(label=_("Result"), required=False, max_length=500, widget=text_area(2))
    adoption = forms.ChoiceField(
        label=_("The suggestion is"),
        required=False,
        choices=[(one.value, one.label) for one in Adoption if one.value],
        widget=forms.RadioSelect,
    )
    adoption_reason = forms.CharField(
        label=_("Why not, or only partly"), required=False, max_length=500, widget=text_area(2)
    )
    criteria = forms.MultipleChoiceField(
        label=_("Closing criteria"), required=False, widget=forms.CheckboxSelectMultiple
    )
    before = photos_field(_("Pictures before"))
    after = photos_field(_("Pictures after"))

    def __init__(self, *args, evidence=(), needs=(), accepted=(), criteria=(), **given):
        super().__init__(*args, **given)
        self.needs = needs  # what the report must hold, shown while one types
        set_choices(self, "criteria", [(str(number), text) for number, text in enumerate(criteria)])
        if not criteria:
            del self.fields["criteria"]
        self.accepted = accepted  # what co-handlers wrote, to be taken into the one reply
        for name, (kind, required) in OF_EVIDENCE.items():
            if kind in evidence:
                self.fields[name].required = required
            else:
                del self.fields[name]

    def given(self) -> dict:
        """Return what the service is called with: the pictures as (kind, file); the ticks are for one's own care."""
        given = dict(self.cleaned_data)
        given.pop("criteria", None)
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
        self.count = len(criteria)
        set_choices(self, "criteria", [(str(number), text) for number, text in enumerate(criteria)])

    def clean_criteria(self):
        """Every criterion is met, or the report goes back."""
        ticked, count = self.cleaned_data["criteria"], self.count
        if len(ticked) < count:
            raise forms.ValidationError(
                _("%(missing)s of %(all)s criteria are not checked off. Check them, or send the report back.")
                % {"missing": count - len(ticked), "all": count}
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

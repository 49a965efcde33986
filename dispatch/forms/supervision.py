"""The forms of urging, supervising, instructing and of circulars."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import CircularReason, SupervisionReason

from .steps import CaseStepForm, StepForm, text_area

LONGEST = 500
BY_HAND = [
    (reason.value, reason.label)
    for reason in SupervisionReason
    if reason not in (SupervisionReason.EXCHANGE, SupervisionReason.DISSATISFIED)
]


def _words(label, missing, rows: int = 3, **given) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, widget=text_area(rows, autofocus=True),
        error_messages={"required": missing}, **given,
    )  # fmt: skip


class UrgeForm(CaseStepForm):
    """催办: what is wanted."""

    text = _words(_("What is wanted"), _("Say what is wanted."))


class UrgeBelowForm(StepForm):
    """催办下级: words for the unit below, the usual ones where none are written."""

    text = forms.CharField(
        label=_("What is wanted"), max_length=LONGEST, required=False, widget=text_area(2, autofocus=True),
        help_text=_("Empty: please deal with this soon and report."),
    )  # fmt: skip


class SuperviseForm(CaseStepForm):
    """督办: why, what is wanted, until when."""

    reason = forms.ChoiceField(label=_("Reason"), choices=BY_HAND)
    text = _words(_("What is wanted"), _("Say what is wanted."))
    due_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("Left empty, the limit of supervision orders holds."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class ConfirmSupervisionForm(CaseStepForm):
    """督办确认: what the unit will do."""

    text = _words(_("What will be done"), "", required=False)


class EndSupervisionForm(CaseStepForm):
    """督办办结: what came of it."""

    result = _words(_("Result"), _("Say what came of it."))


class InstructForm(CaseStepForm):
    """批示: what is to be done, and whether an answer is asked for."""

    text = _words(pgettext_lazy("supervision", "Instruction"), _("Write the instruction."))
    asks_reply = forms.BooleanField(label=_("An answer is asked for"), required=False, initial=True)


class AnswerInstructionForm(CaseStepForm):
    """批示答复: what was done."""

    text = _words(_("Answer"), _("Write the answer."))


class CirculateForm(CaseStepForm):
    """通报: why the case is named."""

    reason = forms.ChoiceField(label=_("Reason"), choices=CircularReason.choices, initial=CircularReason.CHOSEN)
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=text_area(2))


class IdsField(forms.TypedMultipleChoiceField):
    """Ticked rows: numbers, whatever rows they name."""

    def valid_value(self, value):
        """Take what can be an id."""
        return value.isascii() and value.isdigit() and len(value) < 19


class UrgeManyForm(forms.Form):
    """催办, several at once with one text."""

    ids = IdsField(label=_("Cases"), coerce=int, error_messages={"required": _("Tick the cases first.")})
    text = _words(_("What is wanted"), _("Say what is wanted."))


class UrgeBelowManyForm(forms.Form):
    """The same for several work orders that were ticked."""

    ids = IdsField(label=_("Cases"), coerce=int, error_messages={"required": _("Tick what is to be urged first.")})
    text = forms.CharField(max_length=LONGEST, required=False)


class CircularForm(forms.Form):
    """The words of a circular."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("Text"), required=False, max_length=5000, widget=text_area(6))


class SupervisionFilterForm(forms.Form):
    """What narrows the supervision desk: the level of the unit that must act, or the unit itself."""

    LEVELS = ((1, _("City")), (2, _("District")), (3, _("Subdistrict")), (4, _("Community")))

    level = forms.TypedChoiceField(
        label=_("Level of the unit"), required=False, coerce=int, empty_value=None,
        choices=[("", _("All levels")), *LEVELS],
    )  # fmt: skip
    of = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

"""The forms of what comes after closing: calls, checks of closings, redo, annotations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import CallResult
from intake.services import Scores

from .steps import CaseStepForm, text_area

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
ONE_TO_FIVE = [(str(score), str(score)) for score in range(5, 0, -1)]
ASKED = {
    "is_told": _("Ask whether the unit told the result."),
    "is_solved": _("Ask whether the matter is solved."),
}
SCORES = {
    "overall": pgettext_lazy("score", "Overall"),
    "speed": _("Speed of handling"),
    "effect": _("Result of handling"),
    "experience": _("Service"),
    "feedback": _("Quality of the reply"),
}


def _yes_no(label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, required=False, widget=forms.RadioSelect, coerce=lambda text: text == "yes",
        empty_value=None,
    )  # fmt: skip


def _score(label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=ONE_TO_FIVE, required=False, widget=forms.RadioSelect, coerce=int, empty_value=None
    )


class CallForm(forms.Form):
    """回访: what came of the call, and the answers in the order of the script."""

    result = forms.ChoiceField(
        label=_("What came of the call"),
        choices=CallResult.choices,
        widget=forms.RadioSelect,
        initial=CallResult.REACHED,
        error_messages={"required": _("Choose what came of the call.")},
    )
    is_told = _yes_no(_("Did the unit tell you the result?"))
    is_solved = _yes_no(_("Is the matter solved?"))
    overall = _score(SCORES["overall"])
    speed = _score(SCORES["speed"])
    effect = _score(SCORES["effect"])
    experience = _score(SCORES["experience"])
    feedback = _score(SCORES["feedback"])
    text = forms.CharField(label=_("What was said"), required=False, max_length=500, widget=text_area(2))

    def clean(self) -> dict:
        """Whoever was reached is asked both questions; the four scores belong to an overall one."""
        given = super().clean() or {}
        if given.get("result") == CallResult.REACHED:
            for name, words in ASKED.items():
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, words)
        if given.get("overall") is None and any(given.get(name) for name in SCORES):
            self.add_error("overall", _("Ask for the overall score as well."))
        return given

    def given(self) -> dict:
        """Return what the service is called with."""
        given = dict(self.cleaned_data)
        scores = {name: given.pop(name) for name in SCORES}
        if given["result"] != CallResult.REACHED:
            given |= {"is_solved": None, "is_told": None}
        elif scores["overall"]:
            given["scores"] = Scores(**scores, text=given["text"])
        return given

    @property
    def scores(self) -> list:
        """Return the fields of the five scores."""
        return [self[name] for name in SCORES]


class CheckForm(forms.Form):
    """虚假办结核查: the decision and its reason."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[("confirm", _("Falsely closed")), ("dismiss", _("Rightly closed"))],
        error_messages={"required": _("Choose what you decide.")},
    )
    opinion = forms.CharField(
        label=_("Opinion"),
        max_length=500,
        widget=text_area(3),
        error_messages={"required": _("Give the reason of your decision.")},
    )

    def given(self) -> dict:
        """Return what the service is called with."""
        given = dict(self.cleaned_data)
        return given | {"confirmed": given.pop("decision") == "confirm"}


class RedoForm(CaseStepForm):
    """重办 by a supervisor: why."""

    reason = forms.CharField(
        label=_("Why it is to be done again"),
        max_length=500,
        widget=text_area(3, autofocus=True),
        error_messages={"required": _("Say why it is to be done again.")},
    )


class AnnotateForm(CaseStepForm):
    """批注 of an archived case."""

    text = forms.CharField(
        label=_("Annotation"),
        max_length=1000,
        widget=text_area(3, autofocus=True),
        error_messages={"required": _("Write the annotation.")},
    )

"""What becomes of a request at the desk: the fields of the dialog, by the outcome chosen."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from intake.choices import EmergencyService, OutcomeKind, ReplyWay
from intake.limits import ANSWER_LIMIT, NOTE_LIMIT
from intake.models import ArticleVersion, RefusalReason
from intake.selectors.knowledge import get_live
from intake.selectors.refusals import list_reasons
from intake.services.outcomes import Outcome

USED: dict[str, tuple[str, ...]] = {
    OutcomeKind.DISPATCH: (),
    OutcomeKind.ANSWER: ("article", "answer"),
    OutcomeKind.REFUSE: ("reason", "told_way", "note"),
    OutcomeKind.HANDOFF: ("service", "reference", "note"),
}


def reason_choices() -> list[tuple[str, str]]:
    """Return the reasons in use as choices."""
    return [("", str(_("Choose …"))), *((one.code, one.label) for one in list_reasons())]


class OutcomeForm(forms.Form):
    """The outcome and what belongs to it; fields of the other outcomes are not looked at."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=OutcomeKind.choices,
        initial=OutcomeKind.DISPATCH,
        required=False,
        widget=forms.RadioSelect,
    )
    article = forms.IntegerField(label=_("Article"), required=False, min_value=1, widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("Answer given"),
        required=False,
        max_length=ANSWER_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Empty: the text of the article."),
    )
    # A function: the table is read only where reasons are shown or one was sent.
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=reason_choices)
    told_way = forms.ChoiceField(label=_("Citizen told by"), required=False, choices=ReplyWay.choices)
    service = forms.ChoiceField(
        label=_("Handed to"), required=False, choices=EmergencyService.choices, widget=forms.RadioSelect
    )
    reference = forms.CharField(
        label=_("Their number"), required=False, max_length=60, help_text=_("As the other side gave it.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=NOTE_LIMIT)

    @cached_property
    def version(self) -> ArticleVersion | None:
        """Return the article that the dialog was opened with, while it is online."""
        given = str(self["article"].value() or "")
        return get_live(int(given)) if given.isdecimal() and len(given) < 18 else None

    @property
    def reasons(self) -> list[RefusalReason]:
        """Return the reasons in use, with what the citizen is told."""
        return list_reasons()

    @property
    def told_way_control(self) -> str:
        """Return the choice of how the citizen is told."""
        return self["told_way"].as_widget(attrs={"class": "ctl"})

    def clean(self) -> dict:
        """Ask for what the chosen outcome needs; forget mistakes in fields that do not belong to it."""
        given = super().clean() or self.cleaned_data
        kind = given.get("outcome") or (OutcomeKind.DISPATCH if "outcome" not in self.errors else "")
        given["outcome"] = kind
        for name in set(self.errors) & (set(self.fields) - {"outcome", *USED.get(kind, ())}):
            del self.errors[name]
        self._require(kind, given)
        return given

    def get_outcome(self) -> Outcome:
        """Return what the service takes; only after `is_valid()`."""
        given = self.cleaned_data
        kind = OutcomeKind(given["outcome"])
        return Outcome(kind=kind, **{name: given[name] for name in USED[kind]})

    def _require(self, kind: str, given: dict) -> None:
        if kind == OutcomeKind.ANSWER and not (given.get("answer") or given.get("article")) and not self.errors:
            self.add_error("answer", _("Choose an article or write down what was answered."))
        if kind == OutcomeKind.REFUSE and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose the reason; the citizen is told it."))
        if kind == OutcomeKind.HANDOFF and not given.get("service") and "service" not in self.errors:
            self.add_error("service", _("Choose whom the caller is handed to."))


class DispatchForm(OutcomeForm):
    """The usual outcome, which needs nothing beside it: nearly every request is sent with this one."""

    article = answer = reason = told_way = service = reference = note = None  # type: ignore[assignment]


def sent_outcome(data: QueryDict) -> OutcomeForm:
    """Return the form for the outcome that was sent."""
    return (DispatchForm if data.get("outcome", "") in ("", OutcomeKind.DISPATCH) else OutcomeForm)(data)

"""The forms of requests to the level above, and of the decision on them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import RequestKind
from dispatch.models import CaseRequest, RequestReason
from dispatch.services.requests.part_returning import LIMIT as PART_LIMIT
from intake.choices import ReplyWay
from shenzhen_gov.core.form_fields import set_choices

from .steps import CaseStepForm, PhotosField, PhotosInput, StepForm, text_area

REASON_LIMIT = 500


class AskMixin(forms.Form):
    """What every request says: the ground, the reason, and its evidence."""

    kind: str = ""

    ground = forms.ChoiceField(label=_("Ground"), error_messages={"required": _("Choose the ground.")})
    reason = forms.CharField(
        label=_("Reason"),
        error_messages={"required": _("Give the reason.")},
        max_length=REASON_LIMIT,
        widget=text_area(3),
    )
    evidence = PhotosField(label=_("Evidence"), required=False, widget=PhotosInput())

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        rows = RequestReason.objects.filter(kind=self.kind, is_active=True).order_by("order", "code")
        set_choices(self, "ground", [("", _("Choose the ground.")), *((row.code, row.label) for row in rows)])
        self.order_fields([name for name in self.fields if name != "evidence"])

    def given(self) -> dict:
        """Return what the service is called with: what the kind takes of itself stands in `value`."""
        given = dict(self.cleaned_data)
        own = {name: given.pop(name) for name in ("row_version", "reason")}
        return own | {"files": given.pop("evidence"), "value": given}


class AskReturnForm(AskMixin, StepForm):
    """申请退回: with the entry of the list that says otherwise, and the unit that should have it."""

    kind = RequestKind.RETURN

    item = forms.ChoiceField(label=_("Entry of the duty list that fits"), required=False)
    unit = forms.CharField(
        label=_("Unit that should have it"),
        required=False,
        max_length=120,
        help_text=_("Left empty, the list names it."),
    )

    def __init__(self, *args, items=(), **given):
        super().__init__(*args, **given)
        set_choices(self, "item", [("", _("None of these")), *items])


class AskPartReturnForm(AskReturnForm):
    """部分退回: which matter goes back, and what stays; with the entry of the list that the part belongs to."""

    kind = RequestKind.PART_RETURN

    part = forms.CharField(
        label=_("What goes back"), max_length=PART_LIMIT, widget=text_area(3),
        error_messages={"required": _("Write down what goes back.")},
    )  # fmt: skip
    rest = forms.CharField(
        label=_("What stays with you"), max_length=PART_LIMIT, widget=text_area(3),
        error_messages={"required": _("Write down what stays with you.")},
    )  # fmt: skip
    item = forms.ChoiceField(label=_("Entry of the duty list for what goes back"), required=False)
    unit = None  # type: ignore[assignment]  # the dispatch finds who has it
    field_order = ("ground", "reason", "part", "rest", "item")


class AskExtendForm(AskMixin, StepForm):
    """申请延期: how many working days."""

    kind = RequestKind.EXTEND

    days = forms.IntegerField(
        label=_("Working days more"), min_value=1, max_value=250, error_messages={"required": _("Say how many days.")}
    )

    def __init__(self, *args, most: int = 0, **given):
        super().__init__(*args, **given)
        if most:
            text = _("Working days more (usually %(most)s at most)")
            self.fields["days"].label = text % {"most": most}


class UntilMixin(forms.Form):
    """Until which day a case rests."""

    until = forms.DateField(
        label=_("Goes on again on"),
        error_messages={"required": _("Give the day on which it goes on.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AskSuspendForm(UntilMixin, AskMixin, StepForm):
    """申请挂起: until which day."""

    kind = RequestKind.SUSPEND


class AskStageCloseForm(UntilMixin, AskMixin, StepForm):
    """申请阶段性办结: until which day, and how the citizen was told."""

    kind = RequestKind.STAGE_CLOSE

    told_way = forms.ChoiceField(
        label=_("Citizen told by"), choices=[("", _("Not told yet")), *ReplyWay.choices], required=False
    )


class AskVoidForm(AskMixin, StepForm):
    """申请作废 of a work order's case."""

    kind = RequestKind.VOID


class AskCaseVoidForm(AskMixin, CaseStepForm):
    """申请作废 of a case, by its agent or dispatcher."""

    kind = RequestKind.VOID


class AppealForm(AskMixin, CaseStepForm):
    """差评申诉."""

    kind = RequestKind.SCORE_APPEAL


class WakeForm(CaseStepForm):
    """提前恢复办理: why."""

    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=REASON_LIMIT, widget=text_area(2))


class DecideRequestForm(forms.Form):
    """同意/不同意, with an opinion; less than was asked for may be granted."""

    opinion = forms.CharField(
        label=_("Opinion"),
        error_messages={"required": _("Give your opinion.")},
        max_length=REASON_LIMIT,
        widget=text_area(2),
    )
    days = forms.IntegerField(
        label=pgettext_lazy("request", "Grant other working days"), required=False, min_value=1, max_value=250
    )
    until = forms.DateField(
        label=pgettext_lazy("request", "Grant another day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data=None, *, asked: CaseRequest, **given):
        super().__init__(data, auto_id=f"id_request_{asked.pk}_%s", **given)
        self.asked = asked
        if asked.kind != RequestKind.EXTEND:
            del self.fields["days"]
        if asked.kind not in (RequestKind.SUSPEND, RequestKind.STAGE_CLOSE):
            del self.fields["until"]

    def value(self) -> dict:
        """Return what is granted instead of what was asked for."""
        return {name: self.cleaned_data[name] for name in ("days", "until") if self.cleaned_data.get(name)}

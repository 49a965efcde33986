"""The forms of co-handlers, orders to the spot, tellings and the power check."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import ToldOf
from intake.choices import ReplyWay
from shenzhen_gov.core.form_fields import set_choices

from .handling import SendBackForm
from .steps import StepForm, text_area

LONGEST_TASK, LONGEST_PLACE, LONGEST_NAMES, LONGEST_RESULT = 500, 200, 500, 5000


def task_field() -> forms.CharField:
    """Return the field that says what is to be done."""
    return forms.CharField(
        label=_("What is to be done"),
        max_length=LONGEST_TASK,
        error_messages={"required": _("Say what is to be done.")},
        widget=text_area(3, autofocus=True),
    )


class AddCoForm(StepForm):
    """添加协办: which unit, for what. `groups` are (heading, units)."""

    unit_id = forms.TypedChoiceField(
        label=_("Co-handler"), coerce=int, empty_value=None, error_messages={"required": _("Choose the unit.")}
    )
    task = task_field()

    def __init__(self, *args, groups=(), **given):
        super().__init__(*args, **given)
        choices = [(heading, [(unit.pk, unit.name) for unit in units]) for heading, units in groups if units]
        set_choices(self, "unit_id", [("", _("Choose a unit")), *choices])


class AcceptPartForm(StepForm):
    """认定协办: an opinion, if there is one."""

    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=500, widget=text_area(2, autofocus=True))


class RefusePartForm(SendBackForm):
    """Not accepted: the reason and what is missing."""


class TakePartBackForm(StepForm):
    """撤回协办: why."""

    reason = forms.CharField(
        label=_("Why it is taken back"),
        max_length=LONGEST_TASK,
        error_messages={"required": _("Say why it is taken back.")},
        widget=text_area(2, autofocus=True),
    )


class OrderToSpotForm(StepForm):
    """发令: which departments, for what, where."""

    unit_ids = forms.TypedMultipleChoiceField(
        label=_("Departments"),
        coerce=int,
        error_messages={"required": _("Choose at least one department.")},
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.CharField(
        label=_("Where"), max_length=LONGEST_PLACE, error_messages={"required": _("Say where they are to come.")}
    )
    task = task_field()

    def __init__(self, *args, units=(), **given):
        super().__init__(*args, **given)
        set_choices(self, "unit_ids", [(unit.pk, unit.name) for unit in units])


class ArriveForm(StepForm):
    """到场: who came; whoever called may also say when."""

    names = forms.CharField(
        label=_("Who came"),
        max_length=LONGEST_NAMES,
        error_messages={"required": _("Write who came.")},
        help_text=_("Several names with a comma between them."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    arrived_at = forms.DateTimeField(
        label=pgettext_lazy("attendance", "When"),
        required=False,
        help_text=_("Empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args, is_caller=False, **given):
        super().__init__(*args, **given)
        if not is_caller:
            del self.fields["arrived_at"]


class CloseSpotForm(StepForm):
    """了结: what came of it on the spot."""

    result = forms.CharField(
        label=_("What came of it"), required=False, max_length=LONGEST_RESULT, widget=text_area(3, autofocus=True)
    )


class TellForm(StepForm):
    """受理告知, 办理告知: of what, how."""

    kind = forms.ChoiceField(
        label=_("Told of"), choices=ToldOf.choices, widget=forms.RadioSelect, initial=ToldOf.ACCEPTED
    )
    way = forms.ChoiceField(label=_("Way"), choices=ReplyWay.choices, initial=ReplyWay.PHONE)
    note = forms.CharField(label=_("What was said"), required=False, max_length=500, widget=text_area(2))


class RefuseEntryForm(StepForm):
    """社区准入: the entry of the list is quoted above; a remark."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=300, widget=text_area(2, autofocus=True))

    def __init__(self, *args, quoted="", **given):
        super().__init__(*args, **given)
        self.quoted = quoted

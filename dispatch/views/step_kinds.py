"""The steps of the button bar: which form each has, which service takes it, what is said when it is done.

A new step of a work order is a row of `WORK_ORDER_STEPS`, one of the case itself a row of `CASE_STEPS`; its key on the
keyboard stands in selectors/steps.py, its picture in templates/dispatch/_step_icon.html.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch import forms, services
from dispatch.choices import RequestKind
from dispatch.forms.steps import CaseStepForm, StepForm


@dataclass(frozen=True)
class StepKind:
    """One step of the button bar: its form, the service that takes it, its last button, and what is said when done."""

    form: Callable[..., StepForm | CaseStepForm]
    service: Callable
    submit: str | Promise
    done: str | Promise


ASK, ASKED = _("Send the request"), _("The request lies before the level above; the clocks run on meanwhile.")


def _asking(kind: str) -> Callable:
    """Return the service that asks something about a work order."""
    return partial(services.ask, kind=kind)


def _asking_about_case(kind: str) -> Callable:
    """Return the service that asks something about a case itself."""

    def service(case_id: int, **given):
        return services.ask(None, case_id=case_id, kind=kind, **given)

    return service


WORK_ORDER_STEPS = {
    "sign": StepKind(forms.SignForm, services.sign, _("Sign"), _("Signed. The next step is to contact the citizen.")),
    "contact": StepKind(
        forms.ContactForm, services.record_contact, _("Record the contact"), _("The contact is recorded.")
    ),
    "tell": StepKind(forms.TellForm, services.tell_citizen, _("Record"), _("Recorded that the citizen was told.")),
    "add_co": StepKind(
        forms.AddCoForm, services.add_co_handler, _("Ask the co-handler"), _("The co-handler has been asked.")
    ),
    "accept_part": StepKind(forms.AcceptPartForm, services.accept_part, _("Accept the part"), _("Accepted.")),
    "refuse_part": StepKind(
        forms.RefusePartForm, services.refuse_part, _("Send the part back"), _("Sent back with the reason.")
    ),
    "take_back": StepKind(forms.TakePartBackForm, services.take_part_back, _("Take back"), _("Taken back.")),
    "order": StepKind(
        forms.OrderToSpotForm, services.order_to_spot, _("Send the order"), _("The departments have been called.")
    ),
    "arrive": StepKind(forms.ArriveForm, services.note_arrival, _("Note the arrival"), _("The arrival is noted.")),
    "close_spot": StepKind(forms.CloseSpotForm, services.close_spot, _("Close the order"), _("Closed.")),
    "refuse_entry": StepKind(
        forms.RefuseEntryForm, services.refuse_entry, _("Refuse, with the entry quoted"), _("Done.")
    ),
    "ask_return": StepKind(forms.AskReturnForm, _asking(RequestKind.RETURN), ASK, ASKED),
    "ask_part_return": StepKind(forms.AskPartReturnForm, _asking(RequestKind.PART_RETURN), ASK, ASKED),
    "ask_extend": StepKind(forms.AskExtendForm, _asking(RequestKind.EXTEND), ASK, ASKED),
    "ask_suspend": StepKind(forms.AskSuspendForm, _asking(RequestKind.SUSPEND), ASK, ASKED),
    "ask_stage_close": StepKind(forms.AskStageCloseForm, _asking(RequestKind.STAGE_CLOSE), ASK, ASKED),
    "ask_void": StepKind(forms.AskVoidForm, _asking(RequestKind.VOID), ASK, ASKED),
    "hand_down": StepKind(forms.HandDownForm, services.hand_down, _("Hand down"), _("Handed down.")),
    "urge_below": StepKind(forms.UrgeBelowForm, services.urge_below, _("Urge"), _("The unit is urged.")),
    "report": StepKind(forms.ReportForm, services.report, _("Submit the report"), _("Reported. The review has begun.")),
    "approve": StepKind(forms.ApproveForm, services.approve, _("Approve the report"), _("Approved.")),
    "send_back": StepKind(
        forms.SendBackForm, services.send_back, _("Send the report back"), _("Sent back with the reason.")
    ),
}

# Services of these take (case_id, *, by, now, row_version, …what the form gives).
CASE_STEPS: dict[str, StepKind] = {
    "urge": StepKind(forms.UrgeForm, services.urge_case, _("Urge"), _("The unit is urged.")),
    "supervise": StepKind(forms.SuperviseForm, services.supervise, _("Supervise"), _("The case is under supervision.")),
    "confirm_supervision": StepKind(
        forms.ConfirmSupervisionForm,
        services.confirm_supervision,
        _("Confirm the supervision"),
        _("The supervision is confirmed."),
    ),
    "end_supervision": StepKind(
        forms.EndSupervisionForm, services.end_supervision, _("End the supervision"), _("The supervision has ended.")
    ),
    "circulate": StepKind(
        forms.CirculateForm, services.circulate, _("Put into the circular"), _("The case stands in the circular.")
    ),
    "instruct": StepKind(forms.InstructForm, services.instruct, _("Instruct"), _("The instruction is given.")),
    "redo": StepKind(forms.RedoForm, services.redo_case, _("Do it again"), _("The case is done again.")),
    "ask_void": StepKind(forms.AskCaseVoidForm, _asking_about_case(RequestKind.VOID), ASK, ASKED),
    "appeal_in_redo": StepKind(
        forms.AppealForm, _asking_about_case(RequestKind.SCORE_APPEAL), _("File the appeal"), ASKED
    ),
    "appeal": StepKind(forms.AppealForm, _asking_about_case(RequestKind.SCORE_APPEAL), _("File the appeal"), ASKED),
    "wake": StepKind(
        forms.WakeForm, services.wake_case, _("Let it go on"), _("The case goes on; its clocks run again.")
    ),
    "annotate": StepKind(forms.AnnotateForm, services.annotate_case, _("Annotate"), _("The annotation is kept.")),
    "answer_instruction": StepKind(
        forms.AnswerInstructionForm,
        services.answer_instruction,
        _("Answer the instruction"),
        _("The instruction is answered."),
    ),
}

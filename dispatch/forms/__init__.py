"""The shape of what is entered on the desks. Forms check; services decide and save."""

from .after import AnnotateForm, CallForm, CheckForm, RedoForm
from .co_tasks import (
    AcceptPartForm,
    AddCoForm,
    ArriveForm,
    CloseSpotForm,
    OrderToSpotForm,
    RefuseEntryForm,
    RefusePartForm,
    TakePartBackForm,
    TellForm,
)
from .desk import DispatchForm, ForecastForm, QueueFilterForm, ReplayForm
from .handling import ApproveForm, ContactForm, HandDownForm, ReportForm, SendBackForm, SignForm, split_criteria
from .splitting import SplitForms
from .steps import CaseStepForm, StepForm
from .supervision import (
    AnswerInstructionForm,
    CircularForm,
    CirculateForm,
    ConfirmSupervisionForm,
    EndSupervisionForm,
    InstructForm,
    SuperviseForm,
    SupervisionFilterForm,
    UrgeForm,
    UrgeManyForm,
)

__all__ = [
    "AnnotateForm",
    "CallForm",
    "CheckForm",
    "RedoForm",
    "AcceptPartForm",
    "AddCoForm",
    "ArriveForm",
    "CloseSpotForm",
    "OrderToSpotForm",
    "RefuseEntryForm",
    "RefusePartForm",
    "TakePartBackForm",
    "TellForm",
    "AnswerInstructionForm",
    "CirculateForm",
    "CircularForm",
    "ConfirmSupervisionForm",
    "EndSupervisionForm",
    "InstructForm",
    "SuperviseForm",
    "SupervisionFilterForm",
    "UrgeForm",
    "UrgeManyForm",
    "ApproveForm",
    "CaseStepForm",
    "ContactForm",
    "DispatchForm",
    "ForecastForm",
    "HandDownForm",
    "QueueFilterForm",
    "ReplayForm",
    "ReportForm",
    "SendBackForm",
    "SignForm",
    "SplitForms",
    "StepForm",
    "split_criteria",
]

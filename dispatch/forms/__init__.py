"""The shape of what is entered on the desks. Forms check; services decide and save."""

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
from .steps import CaseStepForm, StepForm

__all__ = [
    "AcceptPartForm",
    "AddCoForm",
    "ArriveForm",
    "CloseSpotForm",
    "OrderToSpotForm",
    "RefuseEntryForm",
    "RefusePartForm",
    "TakePartBackForm",
    "TellForm",
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
    "StepForm",
    "split_criteria",
]

"""The shape of what is entered on the desks. Forms check; services decide and save."""

from .desk import DispatchForm, ForecastForm, QueueFilterForm, ReplayForm
from .handling import ApproveForm, ContactForm, HandDownForm, ReportForm, SendBackForm, SignForm, split_criteria
from .steps import CaseStepForm, StepForm

__all__ = [
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

"""Addresses of the channel API, under /api/v1/."""

from django.urls import path

from . import converters  # noqa: F401 - the converter registers itself
from .api import (
    AttachmentsView,
    CallsView,
    CasesView,
    CaseView,
    EvaluationView,
    LeadsView,
    SupplementsView,
    WithdrawalView,
)

app_name = "intake_api"
urlpatterns = [
    path("calls", CallsView.as_view(), name="calls"),
    path("leads", LeadsView.as_view(), name="leads"),
    path("cases", CasesView.as_view(), name="cases"),
    path("cases/<number:number>", CaseView.as_view(), name="case"),
    path("cases/<number:number>/attachments", AttachmentsView.as_view(), name="attachments"),
    path("cases/<number:number>/supplements", SupplementsView.as_view(), name="supplements"),
    path("cases/<number:number>/withdrawal", WithdrawalView.as_view(), name="withdrawal"),
    path("cases/<number:number>/evaluation", EvaluationView.as_view(), name="evaluation"),
]

"""Addresses of the channel API, under /api/v1/."""

from django.urls import path, register_converter

from .api import AttachmentsView, CasesView, CaseView
from .converters import CaseNumber

register_converter(CaseNumber, "case_number")

app_name = "intake_api"
urlpatterns = [
    path("cases", CasesView.as_view(), name="cases"),
    path("cases/<case_number:number>", CaseView.as_view(), name="case"),
    path("cases/<case_number:number>/attachments", AttachmentsView.as_view(), name="attachments"),
]

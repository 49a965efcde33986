"""Addresses of the channel API, under /api/v1/."""

from django.urls import path

from . import converters  # noqa: F401 - the converter registers itself
from .api import AttachmentsView, CasesView, CaseView

app_name = "intake_api"
urlpatterns = [
    path("cases", CasesView.as_view(), name="cases"),
    path("cases/<number:number>", CaseView.as_view(), name="case"),
    path("cases/<number:number>/attachments", AttachmentsView.as_view(), name="attachments"),
]

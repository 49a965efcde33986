"""Addresses of intake's pages."""

from django.urls import path

from . import converters  # noqa: F401 - the converter registers itself
from .views import case_more, citizens, files, leads, registering

app_name = "intake"
urlpatterns = [
    path("register/", registering.register, name="register"),
    path("register/assist/", registering.assist, name="assist"),
    path("register/areas/", registering.areas, name="areas"),
    path("register/caller/", registering.caller, name="caller"),
    path("cases/<number:number>/", registering.registered, name="registered"),
    path("cases/<number:number>/more/", case_more.case_more, name="case_more"),
    path("cases/<number:number>/identity/", citizens.identity, name="identity"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("leads/", leads.LeadList.as_view(), name="leads"),
    path("leads/new/", leads.lead_new, name="lead_new"),
    path("leads/<number:number>/", leads.lead, name="lead"),
]

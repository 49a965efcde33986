"""Addresses of the pages without log-in, at the root."""

from django.urls import path

from . import converters  # noqa: F401 - the converter registers itself
from .views import files, reporting, tracking

app_name = "public"
urlpatterns = [
    path("report/", reporting.report, name="report"),
    path("report/<slug:code>/", reporting.report_at, name="report_at"),
    path("photo/place/", files.photo_place, name="photo_place"),
    path("sent/<number:number>/", reporting.sent, name="sent"),
    path("enterprise/", reporting.enterprise, name="enterprise"),
    path("enterprise/<slug:code>/", reporting.theme, name="theme"),
    path("enterprise/<slug:code>/report/", reporting.enterprise_report, name="enterprise_report"),
    path("enterprise/<slug:code>/report/<slug:item>/", reporting.enterprise_report, name="enterprise_item"),
    path("track/", tracking.track, name="track"),
    path("track/link/<str:key>/", tracking.track_link, name="track_link"),
    path("track/<number:number>/add/", tracking.add, name="add"),
    path("track/<number:number>/urge/", tracking.urge, name="urge"),
    path("track/<number:number>/withdraw/", tracking.withdraw, name="withdraw"),
    path("track/<number:number>/rate/", tracking.rate, name="rate"),
    path("track/<number:number>/leave/", tracking.leave, name="leave"),
    path("rate/<str:secret>/", tracking.rate_link, name="rate_link"),
]

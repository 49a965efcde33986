"""Addresses of Open311 GeoReport v2, under /open311/v2/. The ending names the format."""

from django.urls import path, register_converter

from . import converters  # noqa: F401 - the converter registers itself
from .open311 import views


class Ending:
    """`json` or `xml`."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


register_converter(Ending, "ending")

app_name = "open311"
urlpatterns = [
    path("discovery.<ending:format>", views.DiscoveryView.as_view(), name="discovery"),
    path("services.<ending:format>", views.ServicesView.as_view(), name="services"),
    path("services/<slug:code>.<ending:format>", views.ServiceView.as_view(), name="service"),
    path("requests.<ending:format>", views.RequestsView.as_view(), name="requests"),
    path("requests/<number:number>.<ending:format>", views.RequestView.as_view(), name="request"),
    path("tokens/<number:number>.<ending:format>", views.TokenView.as_view(), name="token"),
    path("servicerequestupdates.<ending:format>", views.UpdatesView.as_view(), name="updates"),
]

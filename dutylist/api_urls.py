"""Addresses of the duty-list API, under /api/v1/."""

from django.urls import path

from .api import ChangesView, ItemsView, ItemView, VersionsView

app_name = "dutylist_api"
urlpatterns = [
    path("duty-items", ItemsView.as_view(), name="items"),
    path("duty-items/<slug:code>", ItemView.as_view(), name="item"),
    path("duty-items/<slug:code>/versions", VersionsView.as_view(), name="versions"),
    path("duty-changes", ChangesView.as_view(), name="changes"),
]

"""Addresses of the duty list."""

from django.urls import path

from . import views

app_name = "dutylist"

urlpatterns = [
    path("", views.DutyList.as_view(), name="list"),
    path("items/<slug:code>/", views.item, name="item"),
]

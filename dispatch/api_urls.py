"""Addresses of the district exchange, under /api/v1/."""

from django.urls import path

from .api import ExchangeView

app_name = "dispatch_api"
urlpatterns = [path("exchange/messages", ExchangeView.as_view(), name="exchange")]

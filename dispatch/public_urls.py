"""Addresses of dispatch's pages without log-in, at the root."""

from django.urls import path

from .views import tracking

app_name = "tracking"
urlpatterns = [path("track/<number:number>/", tracking.case, name="case")]

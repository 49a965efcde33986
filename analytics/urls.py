"""Addresses of analytics."""

from django.urls import path

from . import views

app_name = "analytics"

urlpatterns = [
    path("radar/", views.RadarList.as_view(), name="radar"),
    path("radar/refresh/", views.refresh, name="radar_refresh"),
    path("radar/<int:pk>/", views.finding, name="radar_finding"),
    path("radar/<int:pk>/dismiss/", views.dismiss, name="radar_dismiss"),
    path("radar/<int:pk>/reopen/", views.reopen, name="radar_reopen"),
]

"""Addresses of analytics."""

from django.urls import path

from .views import levels, radar

app_name = "analytics"

urlpatterns = [
    path("radar/", radar.RadarList.as_view(), name="radar"),
    path("radar/refresh/", radar.refresh, name="radar_refresh"),
    path("radar/<int:pk>/", radar.finding, name="radar_finding"),
    path("radar/<int:pk>/dismiss/", radar.dismiss, name="radar_dismiss"),
    path("radar/<int:pk>/reopen/", radar.reopen, name="radar_reopen"),
    path("levels/", levels.start, name="levels"),
    path("levels/<str:code>/", levels.levels, name="level"),
]

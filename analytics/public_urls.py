"""Addresses of analytics without log-in: open data, not found unless the settings allow it."""

from django.urls import path

from .views import open_data

urlpatterns = [
    path("open-data/", open_data.public_index, name="open_data_index"),
    path("open-data/<str:month>.<str:kind>", open_data.public_file, name="open_data_file"),
]

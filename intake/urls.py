"""Addresses of intake's pages."""

from django.urls import path

from . import converters, views  # noqa: F401 - the converter registers itself

app_name = "intake"
urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/assist/", views.assist, name="assist"),
    path("register/areas/", views.areas, name="areas"),
    path("register/caller/", views.caller, name="caller"),
    path("cases/<number:number>/", views.registered, name="registered"),
    path("cases/<number:number>/identity/", views.identity, name="identity"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
]

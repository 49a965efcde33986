"""Addresses of grid."""

from django.urls import path

from .views import messages

app_name = "grid"

urlpatterns = [
    path("messages/", messages.messages, name="messages"),
    path("messages/count/", messages.count, name="messages_count"),
]

"""Signing in with a password; on every page after it, who it is."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from . import access
from .models import Staff


class StaffBackend(ModelBackend):
    """Django's own, but whoever asks for a page is read together with what they hold."""

    def get_user(self, user_id: int) -> Staff | None:
        """Return the person a session belongs to, or None when they may not sign in any more."""
        person = access.read_person(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None

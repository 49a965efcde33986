"""Sessions in the database, read by hand: every page pays for it, and putting the question together costs the most."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.utils import timezone

from shenzhen_gov.core.by_hand import first_row

LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own, with one statement written down."""

    def load(self) -> dict:
        """Return what the session holds; one that ended, or never was, holds nothing and loses its key."""
        found = first_row(LOAD, [self.session_key, timezone.now()])
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])

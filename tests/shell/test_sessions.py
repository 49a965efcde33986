"""Sessions: what they keep, and when they are over."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from shenzhen_gov.account.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored(**given) -> SessionStore:
    session = SessionStore()
    session.update(given)
    session.create()
    return session


class TestASession:
    def test_keeps_what_was_put_into_it(self):
        session = stored(起="坪山")
        assert dict(SessionStore(session.session_key).items()) == {"起": "坪山"}

    def test_that_ended_or_never_was_holds_nothing_and_loses_its_key(self):
        session = stored(a=1)
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        for key in (session.session_key, "x" * 32):
            found = SessionStore(key)
            assert (dict(found.items()), found.session_key) == ({}, None)

    def test_that_was_altered_holds_nothing(self):
        session = stored(a=1)
        Session.objects.update(session_data="e30:forged:signature")
        assert dict(SessionStore(session.session_key).items()) == {}

    def test_of_somebody_who_signed_out_opens_no_page(self, client, city):
        client.force_login(city.agent)
        key = client.session.session_key
        client.post(reverse("logout"))
        client.cookies["sessionid"] = key
        assert client.get(reverse("password_change")).status_code == 302

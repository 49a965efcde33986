"""`python -m tests.faults.world`: make a small city on the database named by DATABASE_URL and print how to reach it.

Prints one JSON object: the key of a channel, the codes of areas and of a duty item that some unit answers for, and
sessions of people who are signed in.
"""

import json

import django


def main() -> None:
    """Make the city and print."""
    django.setup()
    from django.utils import timezone

    from dispatch.tests.world import make_world
    from intake.models import Channel
    from intake.services import create_channel_token
    from shenzhen_gov.core.actor import Actor

    city = make_world()
    channel = Channel.objects.get(code="wechat")
    _token, key = create_channel_token(channel.pk, note="faults", by=Actor.system("faults"), now=timezone.now())
    areas = [area.code for streets in city.communities for communities in streets for area in communities]
    people = ("agent", "community_secretary", "reviewer", "district_reviewer")
    sessions = {name: signed_in(city.staff[name]) for name in people}
    print(json.dumps({"key": key, "areas": areas, "item": "T01", "sessions": sessions}))


def signed_in(person) -> str:
    """Return the key of a session of somebody who is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "grid.backends.StaffBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    main()

"""`python -m tests.faults.world`: make a small city on the database named by DATABASE_URL and print how to reach it.

Prints one JSON object: the key of a channel, and the codes of an area and a duty item that some unit answers for.
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
    print(json.dumps({"key": key, "areas": areas, "item": "T01"}))


if __name__ == "__main__":
    main()

"""Which channels are to be told: a copy of a few seconds, for every state change of every case asks."""

from intake.models import Channel
from shenzhen_gov.core.kept import kept


@kept
def channels_to_tell() -> frozenset[int]:
    """Return the ids of the channels in use that gave a call-back address."""
    return frozenset(Channel.objects.filter(is_active=True).exclude(callback_url="").values_list("pk", flat=True))

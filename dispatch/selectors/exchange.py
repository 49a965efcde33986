"""Reading for the district exchange: who sends, and what has not arrived."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from dispatch.choices import ExchangeDirection, ExchangeState
from dispatch.models import ExchangeMessage, Peer
from shenzhen_gov.core.exceptions import OutOfSight

OPEN = (ExchangeState.WAITING, ExchangeState.STUCK, ExchangeState.REFUSED)


def find_sender(code: str) -> Peer | None:
    """Return the platform in use that says it is `code`."""
    return Peer.objects.filter(code=code, is_active=True).first() if len(code) <= 40 and "\x00" not in code else None


def get_open_messages(user) -> QuerySet[ExchangeMessage]:
    """Return what platforms in one's territory are owed and have not taken: waiting, stuck, refused."""
    sent = ExchangeMessage.objects.filter(direction=ExchangeDirection.OUT, state__in=OPEN)
    return sent.filter(peer__in=Peer.objects.visible_to(user)).select_related("exchange_case__case", "peer")


def get_peers(user) -> list[tuple[Peer, dict[str, int]]]:
    """Return the platforms in one's territory, each with how much it has not taken, by state."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    sent = ExchangeMessage.objects.filter(direction=ExchangeDirection.OUT, state__in=OPEN).order_by()
    for peer_id, state, count in sent.values_list("peer", "state").annotate(Count("id")):
        counts[peer_id][state] = count
    return [(peer, counts[peer.pk]) for peer in Peer.objects.visible_to(user).select_related("unit")]


def get_message(user, pk: int) -> ExchangeMessage:
    """Return one message that was sent, or raise OutOfSight."""
    sent = ExchangeMessage.objects.filter(direction=ExchangeDirection.OUT, peer__in=Peer.objects.visible_to(user))
    message = sent.select_related("exchange_case__case", "peer").filter(pk=pk).first()
    if message is None:
        raise OutOfSight(_("Not found."))
    return message

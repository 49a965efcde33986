"""Reading for the district exchange: who sends, and what has not arrived."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dispatch.choices import ExchangeDirection
from dispatch.models import ExchangeMessage, Peer
from shenzhen_gov.core.exceptions import OutOfSight


def find_sender(code: str) -> Peer | None:
    """Return the platform in use that says it is `code`."""
    return Peer.objects.filter(code=code, is_active=True).first() if len(code) <= 40 and "\x00" not in code else None


def get_messages(user) -> QuerySet[ExchangeMessage]:
    """Return the messages of platforms in one's territory, sent and received."""
    peers = Peer.objects.visible_to(user)
    return ExchangeMessage.objects.filter(peer__in=peers).select_related("exchange_case__case", "peer")


def get_message(user, pk: int) -> ExchangeMessage:
    """Return one message that was sent, or raise OutOfSight."""
    message = get_messages(user).filter(pk=pk, direction=ExchangeDirection.OUT).first()
    if message is None:
        raise OutOfSight(_("Not found."))
    return message

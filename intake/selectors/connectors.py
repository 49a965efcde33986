"""Connectors to other registers, and one's own look-ups."""

from __future__ import annotations

from intake.models import LookupConnector, LookupUse

SHOWN = 10


def connectors_in_use() -> list[LookupConnector]:
    """Return the registers that may be asked."""
    return list(LookupConnector.objects.filter(is_active=True))


def my_lookups(user) -> list[LookupUse]:
    """Return the newest look-ups this person made."""
    return list(LookupUse.objects.filter(staff=user).select_related("connector", "case").order_by("-id")[:SHOWN])

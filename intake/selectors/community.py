"""What became of the items of meetings and visits, what counters took, and mediation: for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count

from grid import access
from grid.models import Gathering, GatheringItem
from grid.workflow import GATHERING_ITEM
from intake.models import Case, Mediation, SiteCase
from intake.workflow import MAY_MEDIATE
from shenzhen_gov.core.actor import Actor

COUNTED_DAYS = 30


def items_of(gathering: Gathering, user) -> list[GatheringItem]:
    """Return the items with what they became (`filing`) and the steps open to the user (`steps`)."""
    rows = gathering.items.select_related("escalated_to", "filing__case", "filing__lead", "gathering__area")
    items, by = list(rows.order_by("pk")), Actor.staff(user)
    for item in items:
        holder = item.escalated_to or item
        item.steps = {  # type: ignore[attr-defined]
            name
            for name, move in GATHERING_ITEM.moves.items()
            if item.state in move.from_states and access.why_not(by, move.acts, holder) is None
        }
    return items


def count_by_site(site_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Return site → cases taken at its counter in the last 30 days."""
    rows = SiteCase.objects.filter(site__in=list(site_ids), at__gte=now - timedelta(days=COUNTED_DAYS))
    return dict(rows.values("site").annotate(count=Count("pk")).values_list("site", "count"))


def mediations_of(case: Case) -> list[Mediation]:
    """Return the mediations of a case, newest first."""
    return list(case.mediations.select_related("adviser").order_by("-pk")[:20])


def may_mediate(user, case: Case) -> bool:
    """Whether `user` refers matters of this case to an adviser."""
    return access.why_not(Actor.staff(user), MAY_MEDIATE, case) is None


def item_in(gathering: Gathering, pk: int | None) -> GatheringItem | None:
    """Return the item of this meeting or visit with that id."""
    return None if pk is None else gathering.items.filter(pk=pk).first()

"""Reading cases, callers and places for pages and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from grid.models import Area

from .location import path_names
from .models import Attachment, Case, Channel, Citizen
from .services.citizens import find_by_phone, normal_phone
from .workflow import OPEN_STATES

PLACES_SHOWN = 8


@dataclass(frozen=True)
class Caller:
    """What an agent sees of a caller: masked, with the cases that the agent may see."""

    citizen: Citizen | None
    phone: str  # masked
    open_cases: list[Case]
    recent_cases: list[Case]
    count: int
    first_on: date | None


def case_of_channel(channel: Channel, number: str) -> Case | None:
    """Return the channel's own case, or None."""
    return Case.objects.select_related("area", "item").filter(channel=channel, number=number).first()


def get_case(user, number: str) -> Case | None:
    """Return a case that `user` may see, with what its page shows, or None."""
    return (
        Case.objects.visible_to(user)
        .select_related("area", "item_version", "holder", "channel", "citizen")
        .filter(number=number)
        .first()
    )


def get_attachment(user, pk: int) -> Attachment | None:
    """Return a file of a case that `user` may see, or None."""
    return Attachment.objects.filter(pk=pk, case__in=Case.objects.visible_to(user)).first()


def caller_history(user, phone: str, *, recent: int) -> Caller | None:
    """Return who called from this number before, as far as `user` may see; None for a number never seen.

    Raises BadInput(field="phone") for what is no phone number.
    """
    known = find_by_phone(normal_phone(phone))
    if not known:
        return None
    cases = Case.objects.visible_to(user).filter(citizen__in=known).select_related("area", "item_version")
    seen = list(cases.order_by("-pk")[:100])
    return Caller(
        citizen=next((citizen for citizen in known if citizen.name), known[0]), phone=known[0].masked_phone,
        open_cases=[case for case in seen if case.state in OPEN_STATES],
        recent_cases=[case for case in seen if case.state not in OPEN_STATES][:recent],
        count=len(seen), first_on=seen[-1].registered_at.date() if seen else None,
    )


def search_areas(text: str, limit: int = PLACES_SHOWN) -> list[Area]:
    """Return the areas in use whose name or code fits `text`, every word of it; wider areas first.

    A word may be of any area around: "坪山 和平" finds 和平社区 in 坪山区.
    """
    words = [word for word in text.replace("›", " ").split() if word][:4]
    if not words:
        return []
    areas = Area.objects.filter(is_active=True, level__gt=1)
    found = areas.filter(Q(name__contains=words[-1]) | Q(code__startswith=words[-1])).order_by("level", "path")
    if len(words) > 1:
        found = found.filter(_around(areas, words[:-1]))
    return list(found[:limit])


def area_path(area: Area | None) -> list[str]:
    """Return the names from the district down to the area."""
    return path_names(area) if area else []


def _around(areas: QuerySet[Area], words: list[str]) -> Q:
    """Return the condition that an area lies in one named by each of `words`."""
    condition = Q()
    for word in words:
        inside = Q(pk__in=[])
        for path in areas.filter(name__contains=word).values_list("path", flat=True)[:30]:
            inside |= Q(path__startswith=path)
        condition &= inside
    return condition

"""Reading cases, callers and places for pages and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import FoundItem, duty_for, search_items
from grid.models import Area
from grid.selectors import area_by_house_code
from shenzhen_gov.core.exceptions import Refused

from .choices import Urgency
from .limits import CONTENT_LIMIT
from .location import Place, find_place, path_names
from .models import Attachment, Case, Channel, ChannelToken, Citizen
from .services.citizens import find_by_phone, normal_phone
from .workflow import OPEN_STATES

PLACES_SHOWN = 8
ITEMS_SHOWN = 5
KEY_IN_FORCE = """
SELECT t.id, t.channel_id, t.prefix, c.id, c.code, c.is_active
  FROM intake_channeltoken t JOIN intake_channel c ON c.id = t.channel_id
 WHERE t.digest = %s AND t.revoked_at IS NULL
"""


@dataclass(frozen=True)
class Caller:
    """What an agent sees of a caller: masked, with the cases that the agent may see."""

    citizen: Citizen | None
    phone: str  # masked
    open_cases: list[Case]
    recent_cases: list[Case]
    count: int
    first_on: date | None


@dataclass(frozen=True)
class Assist:
    """What the page offers while the agent types: place, duty items, and where the case would go."""

    place: Place
    area: Area | None  # chosen, else of the house code, else found
    is_found: bool  # the area was read from the text
    house_code_error: str
    items: list[FoundItem]
    version: ItemVersion | None  # of the chosen item
    row: Responsibility | None
    is_urgent: bool

    @property
    def limit(self) -> int | None:
        """Return the handling limit of the chosen item, in its unit."""
        if self.version is None:
            return None
        return (self.version.limit_urgent if self.is_urgent else None) or self.version.limit_normal


def find_token(digest: str) -> ChannelToken | None:
    """Return the key in force with this digest, with its channel, or None. Every call of the API asks this."""
    with connection.cursor() as cursor:
        cursor.execute(KEY_IN_FORCE, [digest])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ChannelToken.from_db("default", ("id", "channel_id", "prefix"), row[:3])
    token.channel = Channel.from_db("default", ("id", "code", "is_active"), row[3:])
    return token


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
        citizen=next((citizen for citizen in known if citizen.name), known[0]),
        phone=known[0].masked_phone,
        open_cases=[case for case in seen if case.state in OPEN_STATES],
        recent_cases=[case for case in seen if case.state not in OPEN_STATES][:recent],
        count=len(seen),
        first_on=seen[-1].registered_at.date() if seen else None,
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


def assist(
    *, content: str, address: str, area: str, house_code: str, item: str, search: str, urgency: str, today: date
) -> Assist:
    """Return what fits the text so far. Unknown codes count as not given; nothing is refused while somebody types."""
    content, address = content[:CONTENT_LIMIT], address[:CONTENT_LIMIT]
    chosen = Area.objects.filter(code=area, is_active=True).first() if area else None
    error = ""
    if house_code.strip() and chosen is None:
        try:
            chosen = area_by_house_code(house_code)
        except Refused as refusal:
            error = str(refusal)
    place = find_place(address, content)
    in_force = ItemVersion.objects.in_force(today).select_related("item")
    version = in_force.filter(item__code=item).first() if item else None
    where = chosen or place.area
    duty = duty_for(version.item_id, where, today) if version and where else None
    return Assist(
        place=place,
        area=where,
        is_found=chosen is None and where is not None,
        house_code_error=error,
        items=search_items(search or content, on=today, limit=ITEMS_SHOWN),
        version=version,
        row=duty.row if duty else None,
        is_urgent=urgency in (Urgency.URGENT, Urgency.EMERGENCY),
    )


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

"""What the page offers while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import FoundItem, duty_for, search_items
from grid.models import Area
from grid.selectors import area_by_house_code
from intake.choices import Urgency
from intake.limits import CONTENT_LIMIT
from intake.location import Place, find_place
from shenzhen_gov.core.exceptions import Refused

ITEMS_SHOWN = 5


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

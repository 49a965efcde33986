"""What the page offers while somebody types."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dutylist.models import ItemVersion
from dutylist.selectors import duties_for, get_item_id
from grid.models import Area
from grid.selectors import area_by_house_code
from intake.limits import CONTENT_LIMIT
from intake.location import Place, find_place
from intake.suggestion import suggest_items
from intake.suggestion.hints import Hint, find_hints
from shenzhen_gov.core.exceptions import Refused

if TYPE_CHECKING:
    from intake.suggestion.ranking import Suggestion


@dataclass(frozen=True)
class Assist:
    """What the page offers while the agent types: place, duty items, and what the words say about urgency and kind."""

    place: Place
    area: Area | None  # chosen, else of the house code, else found
    is_found: bool  # the area was read from the text
    house_code_error: str
    items: list[Suggestion]
    version: ItemVersion | None  # of the chosen item
    hints: dict[str, Hint] = field(default_factory=dict)  # by "urgency" and "request_type"

    @property
    def suggested(self) -> str:
        """Return the code of the item that was suggested first; kept with what the agent then chooses."""
        return self.items[0].code if self.items else ""


def assist(
    *,
    content: str,
    address: str,
    area: str,
    house_code: str,
    item: str,
    search: str,
    today: date,
    title: str = "",
    **_given: str,
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
    where = chosen or place.area
    item_id = get_item_id(item) if item else None
    in_force = ItemVersion.objects.select_related("item")
    return Assist(
        place=place,
        area=where,
        is_found=chosen is None and where is not None,
        house_code_error=error,
        items=_with_units(_fitting(search, content, title, today), where, today),
        version=in_force.of_item(item_id, today) if item_id else None,
        hints=find_hints(content),
    )


def _fitting(search: str, content: str, title: str, today: date) -> list[Suggestion]:
    """Return the items for the words searched for, else for the request itself."""
    return suggest_items(search, on=today) if search.strip() else suggest_items(content, title=title, on=today)


def _with_units(items: list[Suggestion], area: Area | None, today: date) -> list[Suggestion]:
    """Return the items, each with the unit that the list names for it at the place."""
    if area is None or not items:
        return items
    duties = duties_for([(item.item_id, area) for item in items], today)
    rows = {item_id: duty.row for (item_id, _area), duty in duties.items() if duty.row}
    return [replace(item, unit=str(rows[item.item_id].lead_unit)) if item.item_id in rows else item for item in items]

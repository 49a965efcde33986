"""The cases at one building, and the QR plates that lead to them."""

from __future__ import annotations

from dataclasses import dataclass

from grid import access
from grid.models import Building
from intake.models import Case, ReportPoint
from intake.selectors.points import list_points
from intake.services.points import MAY_KEEP_POINTS
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists import Page, Sort, page_of

ROWS = 20
NEWEST = Sort("newest", "", ("-id",))


@dataclass(frozen=True)
class PlaceCases:
    """What is told of a building: a page of its cases in sight; its plates, and whether one keeps them."""

    building: Building
    page: Page
    plates: list[ReportPoint]
    keeps_plates: bool


def get_place_cases(user, code: str, cursor: str | None = None, rows: int = ROWS) -> PlaceCases | None:
    """Return the cases at the building with this code, or None where it is out of sight. Raises BadCursor."""
    building = Building.objects.visible_to(user).filter(code=code, is_active=True).select_related("area").first()
    if building is None:
        return None
    cases = Case.objects.visible_to(user).at_building(code).select_related("item_version", "holder")
    plates = list_points(user).filter(area=building.area_id, house_code=code, is_active=True)
    return PlaceCases(
        building=building,
        page=page_of(cases, NEWEST, rows, cursor),
        plates=list(plates.order_by("pk")[:rows]),
        keeps_plates=access.why_not(Actor.staff(user), MAY_KEEP_POINTS, building) is None,
    )

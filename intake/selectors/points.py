"""QR points, as far as somebody may see them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Level
from grid.models import Area, Building
from grid.selectors import buildings_let
from intake.models import ReportPoint
from intake.services.points import MAY_KEEP_POINTS
from shenzhen_gov.core.exceptions import BadInput

from .areas import search_areas

MOST_PRINTED = 60


def may_keep_points(user) -> bool:
    """Whether `user` keeps QR points somewhere."""
    return any(access.holds(user, act) for act in MAY_KEEP_POINTS)


def list_points(user) -> QuerySet[ReportPoint]:
    """Return the points in sight."""
    return access.visible_to(ReportPoint.objects.select_related("area"), user)


def points_to_print(user, codes: Collection[str] = ()) -> list[ReportPoint]:
    """Return these points, or those in use in sight, newest first; not more than fit on a few sheets."""
    rows = list_points(user).filter(is_active=True)
    return list((rows.filter(code__in=codes) if codes else rows).order_by("-pk")[:MOST_PRINTED])


def list_plates(user, text: str = "") -> list[tuple[Building, bool]]:
    """Return the buildings in sight in which something is let, and whether each has its plate; those without first."""
    plate = ReportPoint.objects.filter(house_code=OuterRef("code"), is_active=True)
    rows = buildings_let(user, text).annotate(has_plate=Exists(plate)).order_by("has_plate", "code")
    return [(building, building.has_plate) for building in rows[:MOST_PRINTED]]


def point_at(user, code: str) -> dict[str, str]:
    """Return what a new point at the building with this code would say; nothing for one out of sight."""
    building = Building.objects.visible_to(user).filter(code=code, is_active=True).select_related("area").first()
    if building is None:
        return {}
    address = building.address or building.name
    return {"name": building.name, "area": building.area.code, "address": address, "house_code": building.code}


def find_area(user, text: str) -> Area:
    """Return the one area in use that `text` names or codes, first of those where `user` keeps points.

    So a community need not say in which district it lies. Raises BadInput(field="area").
    """
    own = Area.objects.filter(pk__in=_kept_areas(user), is_active=True).filter(
        Q(name=text) | Q(short_name=text) | Q(code=text)
    )
    found = list(own[:2]) or search_areas(text)
    exact = [area for area in found if text in (area.code, area.name, area.short_name)] or found
    if len(exact) != 1:
        many = _("Several areas are called so; name the district too.")
        raise BadInput(many if exact else _("No area is called so."), field="area")
    return exact[0]


def _kept_areas(user) -> QuerySet[Area]:
    first, second = (access.areas_with(user, act) for act in MAY_KEEP_POINTS)
    return first | second


def home_area_of(user) -> str:
    """Return the name of the one community a keeper of points answers for; empty where there are more."""
    areas = list(_kept_areas(user).filter(level=Level.COMMUNITY).values_list("name", flat=True)[:2])
    return areas[0] if len(areas) == 1 else ""

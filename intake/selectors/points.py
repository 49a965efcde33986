"""QR points, as far as somebody may see them."""

from __future__ import annotations

from django.db.models import QuerySet

from grid import access
from intake.models import ReportPoint
from intake.services.points import MAY_KEEP_POINTS

MOST_PRINTED = 60


def may_keep_points(user) -> bool:
    """Whether `user` keeps QR points somewhere."""
    return any(access.holds(user, act) for act in MAY_KEEP_POINTS)


def list_points(user) -> QuerySet[ReportPoint]:
    """Return the points in sight."""
    return access.visible_to(ReportPoint.objects.select_related("area"), user)


def points_to_print(user, code: str = "") -> list[ReportPoint]:
    """Return one point, or those in use in sight, newest first; not more than fit on a few sheets."""
    rows = list_points(user).filter(is_active=True)
    return list((rows.filter(code=code) if code else rows).order_by("-pk")[:MOST_PRINTED])


def home_area_of(user) -> str:
    """Return the name of the one area a keeper of points answers for; empty where there are more."""
    areas = list(access.areas_with(user, MAY_KEEP_POINTS[1]).values_list("name", flat=True)[:2])
    return areas[0] if len(areas) == 1 else ""

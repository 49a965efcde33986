"""Files of cases, as far as somebody may see them, and what a photo says of its place."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from grid.models import Area
from intake.models import Attachment, Case, ReportPoint
from shenzhen_gov.core.files import location_of

NEAR_METRES = 300
METRES_A_DEGREE = 111_320


def get_attachment(user, pk: int) -> Attachment | None:
    """Return a file of a case that `user` may see, or None."""
    return Attachment.objects.filter(pk=pk, case__in=Case.objects.visible_to(user)).first()


def place_of_photo(file: Any) -> dict | None:
    """Return where a photo was taken (WGS 84) and the area it seems to lie in; None when it does not say."""
    place = location_of(file)
    if place is None:
        return None
    longitude, latitude = place
    area = area_near(longitude, latitude)
    named = {"code": area.code, "name": area.name} if area else None
    return {"longitude": longitude, "latitude": latitude, "area": named}


def area_near(longitude: float, latitude: float) -> Area | None:
    """Return the area of the nearest QR point within 300 m: the only places of the register whose point is known."""
    shrink = cos(radians(latitude))
    around, aside = NEAR_METRES / METRES_A_DEGREE, NEAR_METRES / METRES_A_DEGREE / max(shrink, 0.01)
    points = ReportPoint.objects.filter(
        is_active=True,
        latitude__range=(latitude - around, latitude + around),
        longitude__range=(longitude - aside, longitude + aside),
    ).select_related("area")
    distances = [
        (((point.latitude or 0) - latitude) ** 2 + (((point.longitude or 0) - longitude) * shrink) ** 2, point.area)
        for point in points[:100]
    ]
    distance, area = min(distances, key=lambda pair: pair[0], default=(0.0, None))
    return area if distance <= around**2 else None

"""What of the duty list a re-cut of areas touches."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from dutylist.models import ItemVersion, Responsibility
from grid.choices import COVERING_KINDS
from grid.models import Area, Unit


def count_rows_for(area: Area, on: date) -> int:
    """Return how many items, on the day `on` or later, have a row for this very area or name the unit at home in it."""
    units = list(
        Unit.objects.filter(home_area=area, kind__in=COVERING_KINDS, closed_on=None).values_list("pk", flat=True)
    )
    rows = Responsibility.objects.order_by()
    named = Q(area=area) | Q(lead_unit__in=units) | Q(fallback_unit__in=units)
    ids = {
        *rows.filter(named).values_list("version", flat=True),
        *rows.filter(co_units__in=units).values_list("version", flat=True),
    }
    versions = ItemVersion.objects.annotate(own_rows=Coalesce("rows_from_id", "id"))
    versions = versions.filter(own_rows__in=ids, is_retired=False)
    standing = Q(pk__in=ItemVersion.objects.standing(on).values("pk")) | Q(effective_from__gt=on)
    return versions.filter(standing).values("item").distinct().count()

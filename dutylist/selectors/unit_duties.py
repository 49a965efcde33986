"""What one unit does by the list, as of a day: the items and areas it leads, co-handles or stands in for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dutylist.models import ItemVersion, Responsibility
from grid.access import can_see, list_areas
from grid.models import Unit
from shenzhen_gov.core.texts import joined

AREAS_NAMED = 6


class Part(models.TextChoices):
    """As what a unit stands in a responsibility row."""

    LEAD = "lead", pgettext_lazy("duty list", "Leads")
    CO = "co", _("Co-handles")
    FALLBACK = "fallback", _("Fallback")


@dataclass
class Duties:
    """What a unit does for one item: part → areas, widest first."""

    areas: dict[Part, list[str]] = field(default_factory=lambda: defaultdict(list))

    def words(self, part: Part) -> str:
        """Return the areas in which the unit has this part, the first few by name."""
        areas = self.areas.get(part, [])
        named = joined(areas[:AREAS_NAMED])
        return f"{named} +{len(areas) - AREAS_NAMED}" if len(areas) > AREAS_NAMED else named


def find_unit(code: str, user) -> Unit | None:
    """Return the unit with this code when it is in sight, or at home where `user` works or around it; else None."""
    unit = Unit.objects.select_related("home_area", "successor").filter(code=code).first()
    if unit is None or can_see(user, unit):
        return unit
    areas = list_areas(user)
    return unit if areas is None or unit.home_area_id in areas else None


def list_unit_duties(unit: Unit, on: date, user, part: str = "") -> QuerySet[ItemVersion]:
    """Return the versions in force on the day `on` that name `unit` (as `part`, or at all), of lists `user` reads."""
    # Looked up first, by the index of each part: as one condition it would read every row of the list.
    parts = [_rows_naming(unit, user, one).values_list("version") for one in ([Part(part)] if part else Part)]
    holders = [version_id for (version_id,) in parts[0].union(*parts[1:])]
    named = Q(pk__in=holders, rows_from=None) | Q(rows_from__in=holders)
    return ItemVersion.objects.in_force(on).open_to(user).filter(named).select_related("item__owner_area")


def describe_duties(unit: Unit, versions: Iterable[ItemVersion], user) -> dict[int, Duties]:
    """Return version id → what the unit does there, with one query for each part."""
    versions = list(versions)
    by_rows: dict[int, Duties] = defaultdict(Duties)
    for part in Part:
        rows = _rows_naming(unit, user, part).filter(version__in={version.rows_id for version in versions})
        for version_id, area in rows.order_by("area__path").values_list("version", "area__short_name"):
            by_rows[version_id].areas[part].append(area)
    return {version.pk: by_rows[version.rows_id] for version in versions}


def _rows_naming(unit: Unit, user, part: Part) -> QuerySet[Responsibility]:
    """Return the rows that name the unit as `part`; who does not see the unit gets those that answer for the reader."""
    names = {Part.LEAD: "lead_unit", Part.CO: "co_units", Part.FALLBACK: "fallback_unit"}
    rows = Responsibility.objects.filter(**{names[part]: unit})
    return rows if can_see(user, unit) else rows.open_to(user)

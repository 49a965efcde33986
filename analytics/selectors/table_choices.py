"""What the page of ad-hoc tables offers: areas, indicators, and the tables that were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from analytics.choices import LEVEL_READERS, IndicatorGroup, TableRows
from analytics.models import FeedKey, KeptTable
from grid.access import lacking
from grid.choices import Level
from grid.models import Area, Unit

from .figures import versions_for
from .levels import home_area, may_open
from .unit_figures import get_unit, units_offered

UNIT = "unit:"  # before the id of a unit, where an area is named by its code


@dataclass(frozen=True)
class TablePlace:
    """An area, or a unit with those below it, that a table may be about; `depth` below the widest one."""

    value: str
    depth: int
    area: Area
    unit: Unit | None = None

    @property
    def words(self) -> str:
        """Return its name, moved in by its depth."""
        return "\u3000" * self.depth + (self.unit or self.area).name


def areas_offered(user) -> list[Area]:
    """Return the areas whose figures `user` reads, from the widest down to the subdistricts; an own community, too."""
    home = home_area(user)
    if home is None:
        return []
    deepest = max(Level.SUBDISTRICT, home.level)
    areas = Area.objects.visible_to(user).filter(level__lte=deepest, is_active=True).order_by("path")
    return [home, *(area for area in areas if area.pk != home.pk and may_open(user, area))]


def places_offered(user, asked: str = "") -> list[TablePlace]:
    """Return what tables may be about: areas, and for who has none the own units; `asked` for may lie deeper.

    Raises NotAllowed for somebody who reads no figures.
    """
    areas = areas_offered(user)
    places = [TablePlace(area.code, area.level - areas[0].level, area) for area in areas]
    places += [_of_unit(unit, depth) for unit, depth in units_offered(user)]
    if not places:
        raise lacking(*LEVEL_READERS)
    if asked.startswith(UNIT) and asked not in {place.value for place in places}:
        number = asked.removeprefix(UNIT)
        if number.isascii() and number.isdecimal() and len(number) < 10:
            places.append(_of_unit(get_unit(user, int(number)), 0))
    return places


def _of_unit(unit: Unit, depth: int) -> TablePlace:
    return TablePlace(f"{UNIT}{unit.pk}", depth, unit.home_area, unit)


def indicators_offered(day: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the catalogue as choices, by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, version in versions_for(day).items():
        groups.setdefault(version.indicator.group, []).append((code, version.indicator.label))
    return [(str(IndicatorGroup(group).label), found) for group, found in groups.items()]


def kept_tables(user) -> list[KeptTable]:
    """Return the tables of one's own, and those shared in one's unit."""
    shared = Q(unit=user.unit_id) if user.unit_id else Q(pk__in=[])
    return list(KeptTable.objects.filter(Q(owner=user.pk) | shared).select_related("owner")[:200])


def find_unit(area: Area, code: str) -> Unit | None:
    """Return a unit at home in an area, or None: whoever reads the figures of the area reads those of its units."""
    return Unit.objects.filter(code=code, home_area__path__startswith=area.path).first()


def codes_of(rows: str, keys: Iterable) -> dict:
    """Return id → the code of the areas or units that are the rows of a table."""
    model = Unit if rows == TableRows.UNITS else Area
    return dict(model.objects.filter(pk__in=keys).values_list("pk", "code"))


def find_feed_key(digest: str) -> FeedKey | None:
    """Return the key in force with this digest, with its area, or None."""
    return FeedKey.objects.select_related("area").filter(digest=digest, revoked_at=None).first()

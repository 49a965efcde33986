"""What the page of ad-hoc tables offers: areas, indicators, and the tables that were kept."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from analytics.choices import LEVEL_READERS, IndicatorGroup, TableRows
from analytics.models import FeedKey, KeptTable
from grid.access import lacking
from grid.choices import Level
from grid.models import Area, Unit

from .figures import versions_for
from .levels import home_area, may_open


def areas_offered(user) -> list[Area]:
    """Return the areas whose figures `user` reads, from the widest down to the subdistricts; an own community, too.

    Raises NotAllowed for somebody who reads none.
    """
    home = home_area(user)
    if home is None:
        raise lacking(*LEVEL_READERS)
    deepest = max(Level.SUBDISTRICT, home.level)
    areas = Area.objects.visible_to(user).filter(level__lte=deepest, is_active=True).order_by("path")
    return [home, *(area for area in areas if area.pk != home.pk and may_open(user, area))]


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


def codes_of(rows: str, keys: list[int]) -> dict[int, str]:
    """Return id → the code of the areas or units that are the rows of a table."""
    model = Unit if rows == TableRows.UNITS else Area
    return dict(model.objects.filter(pk__in=keys).values_list("pk", "code"))


def find_feed_key(digest: str) -> FeedKey | None:
    """Return the key in force with this digest, with its area, or None."""
    return FeedKey.objects.select_related("area").filter(digest=digest, revoked_at=None).first()

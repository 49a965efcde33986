"""Where a list leaves nobody responsible: rows hold for their area and everything in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from dutylist.models import Responsibility
from grid.choices import Level
from grid.models import Area

Leads = dict[int, int]  # area → lead unit


class Territory:
    """The areas of one list down to the communities, with two questions: who answers here, and where nobody does."""

    def __init__(self, top: Area):
        self.top_id = top.pk
        self.names: dict[int, str] = {}
        self.parents: dict[int, int | None] = {}
        self.children: dict[int | None, list[int]] = defaultdict(list)
        around = [int(part) for part in top.path.strip("/").split("/")]
        areas = Area.objects.below(top).filter(level__lte=Level.COMMUNITY, is_active=True).order_by("path")
        for pk, parent, name in areas.values_list("pk", "parent", "short_name"):
            self.names[pk], self.parents[pk] = name, parent
            self.children[parent].append(pk)
        self.parents |= dict(zip(around[1:], around, strict=False))
        self.gaps_below = lru_cache(maxsize=None)(self._gaps_below)

    def chain(self, area_id: int) -> list[int]:
        """Return the area and those around it, narrowest first."""
        found: list[int] = []
        at: int | None = area_id
        while at is not None:
            found.append(at)
            at = self.parents.get(at)
        return found

    def answering(self, leads: Leads, area_id: int) -> int | None:
        """Return who of `leads` (area → unit) answers in an area: the most specific row."""
        return next((leads[area] for area in self.chain(area_id) if area in leads), None)

    def gaps(self, area_ids: Iterable[int], top_id: int | None = None) -> tuple[int, ...]:
        """Return the widest areas below `top_id` (the whole list) for which none of the rows' areas answers."""
        return self.gaps_below(frozenset(area_ids), top_id or self.top_id)

    def lies_in(self, area_id: int, areas: Iterable[int]) -> bool:
        """Whether the area is one of `areas` or lies in one."""
        return not set(areas).isdisjoint(self.chain(area_id))

    def _gaps_below(self, with_row: frozenset[int], top_id: int) -> tuple[int, ...]:
        if self.lies_in(top_id, with_row):
            return ()
        touched = {around for area in with_row for around in self.chain(area)}
        found, waiting = [], [top_id]
        while waiting:
            area = waiting.pop()
            if area not in touched:
                found.append(area)
            elif area not in with_row:
                waiting += reversed(self.children[area])
        return tuple(found)


def leads_of(version_ids: Iterable[int]) -> dict[int, Leads]:
    """Return version → area → lead unit, with one query."""
    found: dict[int, Leads] = defaultdict(dict)
    rows = Responsibility.objects.filter(version__in=set(version_ids))
    for version, area, lead in rows.values_list("version", "area", "lead_unit"):
        found[version][area] = lead
    return found

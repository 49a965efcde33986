"""The quality radar: what in the duty list deserves a look. Each finder is a few set-based reads of the list in force.

What was imported with old cases and overlays (which inherit) are left aside; the units of overlays count as theirs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import sqrt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from dispatch.choices import RequestKind, WorkRole
from dispatch.models import CaseRequest, DutyGap, WorkOrder
from dispatch.workflow import RETURNED
from dutylist.choices import Source
from dutylist.coverage import Territory
from dutylist.models import ItemVersion, Responsibility
from dutylist.similarity import find_similar, words_of
from grid.models import Area
from intake.models import Case
from shenzhen_gov.core.parameters import get_parameter

from .choices import RadarKind
from .findings import names_of

OTHER = re.compile("其[他它]")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
Z = 1.96  # of the normal distribution, for 95 %


@dataclass(frozen=True)
class Found:
    """One finding, before it is weighed."""

    kind: str
    version: ItemVersion
    area_id: int
    cases: int
    figures: dict[str, Any]
    other_id: int | None = None

    @property
    def key(self) -> tuple:
        """Return what makes it the same finding tomorrow."""
        return self.version.item_id, self.kind, self.area_id, self.other_id


class Ground:
    """What the finders look at, read once: the list in force on a day, and the cases of the days before."""

    def __init__(self, now: datetime):
        self.on: date = timezone.localdate(now)
        self.since = now - timedelta(days=self.parameter("radar.days"))
        listed = ItemVersion.objects.in_force(self.on).exclude(source=Source.LEGACY)
        versions = listed.select_related("item__entry", "item__owner_area").order_by("item__code")
        self.overlays: dict[int, list[ItemVersion]] = defaultdict(list)
        self.versions: list[ItemVersion] = []
        for version in versions:
            if version.item.narrows_id:
                self.overlays[version.item.narrows_id].append(version)
            else:
                self.versions.append(version)

    def parameter(self, key: str):
        """Return a parameter in force on the day."""
        return get_parameter(key, self.on)

    @cached_property
    def cases(self) -> dict[int, int]:
        """Return item id → cases registered in the period."""
        rows = Case.objects.filter(registered_at__gte=self.since, item__isnull=False).order_by().values_list("item")
        return defaultdict(int, rows.annotate(Count("pk")))

    @cached_property
    def leads(self) -> dict[int, dict[int, int]]:
        """Return version id → {area id: lead unit id} of the rows in force."""
        owners = {version.rows_id for version in self.versions}
        owners.update(version.rows_id for found in self.overlays.values() for version in found)
        found: dict[int, dict[int, int]] = defaultdict(dict)
        rows = Responsibility.objects.filter(version__in=owners).order_by()
        for version_id, area_id, unit_id in rows.values_list("version", "area", "lead_unit").iterator(20_000):
            found[version_id][area_id] = unit_id
        return found

    @cached_property
    def area_names(self) -> dict[int, str]:
        """Return area id → short name."""
        return dict(Area.objects.values_list("pk", "short_name"))

    def found(self, kind: str, version: ItemVersion, figures: dict, **given) -> Found:
        """Return a finding about the whole list of the item."""
        place = {"area_id": version.item.owner_area_id, "cases": self.cases[version.item_id]}
        return Found(kind, version, figures=figures, **{**place, **given})


def find_gaps(ground: Ground) -> Iterator[Found]:
    """Areas that no row answers for, by the areas directly below the list's own, with the cases that fell into them."""
    owners = {version.item.owner_area_id: version.item.owner_area for version in ground.versions}
    territory_of = {pk: Territory(area) for pk, area in owners.items()}
    hit = _cases_in_gaps(ground)
    for version in ground.versions:
        territory = territory_of[version.item.owner_area_id]
        with_row = set(ground.leads.get(version.rows_id, ()))
        for overlay in ground.overlays.get(version.item_id, ()):
            with_row.update(ground.leads.get(overlay.rows_id, ()))
        for part, areas in _by_part(territory, territory.gaps(with_row)).items():
            cases = sum(count for path, count in hit.get(version.item_id, ()) if not path.isdisjoint(areas))
            figures = {**names_of([ground.area_names[area] for area in areas]), "cases": cases}
            yield ground.found(RadarKind.GAP, version, figures, area_id=part, cases=cases)


def find_returns(ground: Ground) -> Iterator[Found]:
    """Items whose work orders are returned, or asked to be, more often than the parameter allows."""
    disputed = CaseRequest.objects.filter(work_order=OuterRef("pk"), kind=RequestKind.RETURN)
    orders = WorkOrder.objects.filter(assigned_at__gte=ground.since, role=WorkRole.LEAD, parent=None)
    orders = orders.annotate(at_fault=Q(state=RETURNED) | Exists(disputed)).order_by()
    counted = orders.values(item_id=F("decision__item_version__item")).annotate(
        orders=Count("pk"), returned=Count("pk", filter=Q(at_fault=True))
    )
    counts = {row["item_id"]: (row["orders"], row["returned"]) for row in counted}
    least, most = ground.parameter("radar.least_orders"), ground.parameter("radar.return_share")
    for version in ground.versions:
        number, returned = counts.get(version.item_id, (0, 0))
        if number >= least and (floor := wilson_floor(returned, number)) > most:
            figures = {"orders": number, "returned": returned, "floor": round(floor, 4)}
            yield ground.found(RadarKind.RETURNS, version, figures, cases=returned)


def find_overlaps(ground: Ground) -> Iterator[Found]:
    """Pairs of items that say nearly the same while other units lead in one area."""
    by_code = {version.item.code: version for version in ground.versions}
    words = {code: words_of(version.name, version.keywords) for code, version in by_code.items()}
    for code, others in find_similar(words, words, ground.parameter("duty.similar_words")).items():
        for other in (by_code[other] for other in others if other > code):
            version = by_code[code]
            one, two = ground.leads.get(version.rows_id, {}), ground.leads.get(other.rows_id, {})
            if areas := sorted(area for area in one.keys() & two.keys() if one[area] != two[area]):
                names = names_of([ground.area_names[area] for area in areas])
                figures = {"code": other.item.code, "name": other.name, **names}
                cases = ground.cases[version.item_id] + ground.cases[other.item_id]
                yield ground.found(RadarKind.OVERLAP, version, figures, cases=cases, other_id=other.item_id)


def find_catch_alls(ground: Ground) -> Iterator[Found]:
    """Items named 其他 that take a large share of the cases of their second level."""
    beside: dict[int | None, int] = defaultdict(int)
    for version in ground.versions:
        beside[version.item.entry.parent_id] += ground.cases[version.item_id]
    least, most = ground.parameter("radar.least_cases"), ground.parameter("radar.other_share")
    for version in ground.versions:
        cases, every = ground.cases[version.item_id], beside[version.item.entry.parent_id]
        if OTHER.search(version.name) and cases >= least and cases > most * every:
            level2 = version.path_text.rsplit(" / ", 1)[0].rsplit(" / ", 1)[-1]
            figures = {"cases": cases, "all": every, "share": round(cases / every, 4), "level2": level2}
            yield ground.found(RadarKind.CATCH_ALL, version, figures)


def find_incomplete(ground: Ground) -> Iterator[Found]:
    """Items without criteria of acceptance or closing, or without a time limit."""
    for version in ground.versions:
        missing = [name for name in ("criteria", "close_criteria", "limit_normal") if not getattr(version, name)]
        if missing:
            yield ground.found(RadarKind.INCOMPLETE, version, {"fields": missing})


def find_few_examples(ground: Ground) -> Iterator[Found]:
    """Items with fewer example requests than there should be."""
    least = ground.parameter("duty.least_examples")
    for version in ground.versions:
        if len(version.examples) < least:
            figures = {"count": len(version.examples), "least": least}
            yield ground.found(RadarKind.EXAMPLES, version, figures)


def find_old_basis(ground: Ground) -> Iterator[Found]:
    """Items without a legal basis, or whose basis names years and only ones long past."""
    oldest = ground.on.year - ground.parameter("radar.legal_years")
    for version in ground.versions:
        years = [int(year) for year in YEAR.findall(version.legal_basis)]
        if not version.legal_basis.strip() or (years and max(years) < oldest):
            yield ground.found(RadarKind.LEGAL, version, {"year": max(years, default=None)})


def find_unused(ground: Ground) -> Iterator[Found]:
    """Items in force all the time that no case named. Silent until the portal itself has been in use that long."""
    if not Case.objects.filter(registered_at__lt=ground.since).exists():
        return
    since = timezone.localdate(ground.since)
    old = set(ItemVersion.objects.filter(number=1, effective_from__lte=since).values_list("item", flat=True))
    days = ground.parameter("radar.days")
    for version in ground.versions:
        if version.item_id in old and not ground.cases[version.item_id]:
            yield ground.found(RadarKind.UNUSED, version, {"days": days})


FINDERS: tuple[Callable[[Ground], Iterator[Found]], ...] = (
    find_gaps,
    find_returns,
    find_overlaps,
    find_catch_alls,
    find_incomplete,
    find_few_examples,
    find_old_basis,
    find_unused,
)


def wilson_floor(hits: int, number: int) -> float:
    """Return the lower bound of the share that `hits` of `number` speak for, with 95 % certainty (Wilson score)."""
    share = hits / number
    middle = share + Z * Z / (2 * number)
    around = Z * sqrt(share * (1 - share) / number + Z * Z / (4 * number * number))
    return (middle - around) / (1 + Z * Z / number)


def _by_part(territory: Territory, gaps: tuple[int, ...]) -> dict[int, list[int]]:
    """Return part of the territory (the whole, or an area directly below it) → the areas in it without a row."""
    found: dict[int, list[int]] = defaultdict(list)
    for area in gaps:
        chain = territory.chain(area)
        found[chain[max(0, chain.index(territory.top_id) - 1)]].append(area)
    return found


def _cases_in_gaps(ground: Ground) -> dict[int, list[tuple[set[int], int]]]:
    """Return item id → (ids of the area and those around it, cases) of the gaps that cases fell into lately."""
    found: dict[int, list[tuple[set[int], int]]] = defaultdict(list)
    rows = DutyGap.objects.filter(last_seen_at__gte=ground.since)
    for item_id, path, cases in rows.values_list("item", "area__path", "cases"):
        found[item_id].append(({int(part) for part in path.strip("/").split("/")}, cases))
    return found

"""The list as the API tells it: to staff by their lists, to other systems the city's without what is secret."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from dutylist.models import ItemVersion, Responsibility

READ_WITH = ("item__owner_area", "item__narrows", "batch")


def list_told(caller, on: date, *, code: str = "", q: str = "", owner: str = "", after: int | None = None) -> QuerySet:
    """Return the versions in force on the day `on`; `owner`: code of an area, `after`: a place in the feed."""
    versions = ItemVersion.objects.in_force(on).told_to(caller).select_related(*READ_WITH)
    if code:
        versions = versions.filter(item__code=code)
    if q:
        versions = versions.about(q)
    if owner:
        versions = versions.filter(item__owner_area__code=owner)
    return versions if after is None else versions.filter(pk__gt=after)


def get_told(code: str, caller, on: date) -> ItemVersion | None:
    """Return the version of one item that holds on the day `on`, be it one that ended it; None when there is none."""
    versions = ItemVersion.objects.standing(on).told_to(caller).filter(item__code=code)
    return versions.select_related(*READ_WITH).first()


def rows_told(versions: Iterable[ItemVersion], caller) -> dict[int, list[dict]]:
    """Return version id → responsibility rows by codes of areas and units, with two queries."""
    versions = list(versions)
    rows = Responsibility.objects.told_to(caller).filter(version__in={version.rows_id for version in versions})
    co_units: dict[int, list[str]] = defaultdict(list)
    links = Responsibility.co_units.through.objects.filter(responsibility__in=rows.values("pk"))
    for row_id, code in links.order_by("pk").values_list("responsibility", "unit__code"):
        co_units[row_id].append(code)
    found: dict[int, list[dict]] = defaultdict(list)
    for pk, version_id, *said in rows.order_by("area__path").values_list(
        "pk", "version", "area__code", "lead_unit__code", "fallback_unit__code", "note"
    ):
        row = dict(zip(("area", "lead", "fallback", "note"), said, strict=True))
        found[version_id].append(row | {"co": co_units.get(pk, [])})
    return {version.pk: found.get(version.rows_id, []) for version in versions}

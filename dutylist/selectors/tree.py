"""The list as a tree of two levels with counts, and whose lists there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, QuerySet

from dutylist.models import CatalogueEntry, Item, ItemVersion
from grid.access import list_areas
from grid.models import Area

KEPT_SECONDS = 600


@dataclass
class Branch:
    """One name of the catalogue, and how many items in force hang below it."""

    pk: int
    name: str
    count: int = 0
    children: list[Branch] = field(default_factory=list)


def get_tree(on: date, user, owner: Area | None = None) -> list[Branch]:
    """Return the first-level names, with the second-level ones below, of the lists `user` reads as of the day `on`.

    Kept for each state of the list: what was published once never reads otherwise.
    """
    newest = ItemVersion.objects.order_by("-pk").values_list("pk", flat=True).first()
    areas = list_areas(user)
    readers = sha256(repr(areas and sorted(areas)).encode()).hexdigest()[:16]
    key = f"duty-tree:{newest}:{on}:{owner.pk if owner else ''}:{readers}"
    return cache.get_or_set(key, lambda: _count(on, user, owner), KEPT_SECONDS)


def list_owners(user) -> QuerySet[Area]:
    """Return the areas that have a list of their own which `user` reads, the city first."""
    return Area.objects.filter(pk__in=Item.objects.open_to(user).values("owner_area")).order_by("level", "code")


def list_branches() -> QuerySet[CatalogueEntry]:
    """Return the names of the first and second level."""
    return CatalogueEntry.objects.filter(level__lte=2)


def _count(on: date, user, owner: Area | None) -> list[Branch]:
    versions = ItemVersion.objects.in_force(on).open_to(user)
    if owner is not None:
        versions = versions.filter(item__owner_area=owner)
    counts = dict(versions.order_by().values_list("item__entry__parent").annotate(Count("pk")))
    tops: dict[int, Branch] = {}
    seconds = CatalogueEntry.objects.filter(pk__in=counts).select_related("parent").order_by("parent__code", "code")
    for second in seconds:
        top = tops.setdefault(second.parent_id, Branch(second.parent_id, second.parent.name))
        top.children.append(Branch(second.pk, second.name, counts[second.pk]))
        top.count += counts[second.pk]
    return list(tops.values())

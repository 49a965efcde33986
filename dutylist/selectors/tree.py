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
    tree = cache.get(key)
    if tree is None:
        tree = _count(on, user, owner)
        cache.set(key, tree, KEPT_SECONDS)
    return tree


def count_below(tree: list[Branch], entry: CatalogueEntry | None = None) -> int:
    """Return how many items hang below one name of the tree, or in all of it."""
    if entry is None:
        return sum(top.count for top in tree)
    branches = [branch for top in tree for branch in (top, *top.children)]
    return sum(branch.count for branch in branches if branch.pk == entry.pk)


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
    seconds = CatalogueEntry.objects.filter(pk__in=counts).order_by("parent__code", "code")
    for pk, name, top_id, top_name in seconds.values_list("pk", "name", "parent__pk", "parent__name"):
        top = tops.setdefault(top_id, Branch(top_id, top_name))
        top.children.append(Branch(pk, name, counts[pk]))
        top.count += counts[pk]
    return list(tops.values())

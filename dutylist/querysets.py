"""Reading the list as of a date, and the batches on their way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from grid.access import list_areas
from grid.choices import Level
from grid.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from .models import ItemVersion

ROWS_AT = """
SELECT r.id FROM unnest(%s::bigint[], %s::bigint[]) AS place (version_id, area_id)
  JOIN dutylist_responsibility r USING (version_id, area_id)
"""


class ItemQuerySet(ScopedQuerySet):
    """Items of all lists."""

    def open_to(self, user):
        """Narrow to the lists `user` reads: those of the own territory and of the areas around it."""
        areas = list_areas(user)
        return self if areas is None else self.filter(owner_area__in=areas)


class BatchQuerySet(ScopedQuerySet):
    """Batches of all lists."""

    def due(self, day: date):
        """Return approved batches whose date has come, in the order in which they take effect."""
        return self.filter(state="scheduled", effective_on__lte=day).order_by("effective_on", "id")


class ItemVersionQuerySet(ScopedQuerySet):
    """Versions in time. A version holds until the next one of the same item starts."""

    def standing(self, on: date):
        """Return the version of each item that holds on the day `on`, be it one that ends the item.

        Asked as "no later one": the planner reads the whole list as an anti-join, and one item by its index.
        """
        later = self.model._default_manager.filter(
            item=OuterRef("item"), effective_from__lte=on, number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later), effective_from__lte=on)

    def in_force(self, on: date):
        """Return the version of each item in force on the day `on`, without retired items."""
        return self.standing(on).filter(is_retired=False)

    def in_force_of(self, items, on: date):
        """Return the versions in force of the few items of a query: one look into the index for each of them.

        However long the history is; for the whole list `in_force` is the faster question.
        """
        latest = (
            self.model._default_manager.filter(item=OuterRef("pk"), effective_from__lte=on)
            .order_by("-effective_from", "-number")
            .values("pk")[:1]
        )
        return self.filter(pk__in=items.annotate(latest=Subquery(latest)).values("latest"), is_retired=False)

    def open_to(self, user):
        """Narrow to the lists `user` reads: those of the own territory and of the areas around it."""
        areas = list_areas(user)
        return self if areas is None else self.filter(item__owner_area__in=areas)

    def told_to(self, caller):
        """Narrow to what the API tells: staff the lists they read, other systems the city's without secret items."""
        if isinstance(caller, get_user_model()):
            return self.open_to(caller)
        return self.filter(item__owner_area__level=Level.CITY, is_secret=False)

    def about(self, text: str):
        """Narrow to the versions whose path, code, keywords or tags hold the text."""
        words = text.strip()
        coded = apps.get_model("dutylist", "Item").objects.filter(code__iexact=words)
        return self.filter(
            Q(path_text__icontains=words)
            | Q(item__in=coded)
            | Q(keywords__contains=[words])
            | Q(tags__contains=[words])
        )

    def newest(self):
        """Return the newest published version of each item, whether or not its day has come."""
        latest = self.model._default_manager.filter(item=OuterRef("item")).order_by("-number").values("pk")[:1]
        return self.filter(pk=Subquery(latest))

    def of_item(self, item_id: int, on: date) -> ItemVersion | None:
        """Return the version of one item in force on the day `on`, or None."""
        standing = self.filter(item_id=item_id, effective_from__lte=on)
        version = cast("ItemVersion | None", standing.order_by("-effective_from", "-number").first())
        return None if version is None or version.is_retired else version


class ResponsibilityQuerySet(ScopedQuerySet):
    """Rows version × area → units."""

    def open_to(self, user):
        """Narrow to the rows that answer where `user` works: in the own territory and for the areas around it."""
        areas = list_areas(user)
        return self if areas is None else self.filter(Q(area__in=areas) | Q(pk__in=self.visible_to(user).values("pk")))

    def told_to(self, caller):
        """Narrow to what the API tells: staff the rows that answer for them; other systems those of any list told."""
        return self.open_to(caller) if isinstance(caller, get_user_model()) else self

    def answering(self, version_id: int, area):
        """Return the rows of a version for `area` and every area around it, most specific first."""
        ids = [int(part) for part in area.path.strip("/").split("/")]
        return self.filter(version_id=version_id, area_id__in=ids).order_by("-area__level")

    def at(self, places: Iterable[tuple[int, int]]):
        """Return the rows of these (version id, area id), each looked up by itself."""
        versions, areas = zip(*places, strict=True)
        found = RawSQL(ROWS_AT, [list(versions), list(areas)])  # noqa: S611 - ids are parameters
        return self.filter(pk__in=found)


class ObjectionQuerySet(ScopedQuerySet):
    """Objections of all units."""


class UnitPlanQuerySet(ScopedQuerySet):
    """Planned institutional changes."""

    def due(self, day: date):
        """Return the plans whose day has come, in the order in which they take effect."""
        return self.filter(state="planned", effective_on__lte=day).order_by("effective_on", "id")

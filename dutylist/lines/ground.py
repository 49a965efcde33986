"""What lines are judged against: the items, versions, rows, areas and units they name, each kind read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dutylist.content import Content, contents_of, rows_of
from dutylist.models import Batch, BatchLine, Item, ItemVersion
from grid.models import Area, Unit

Path = tuple[str, str, str]


@dataclass(frozen=True)
class UnitFacts:
    """What a row has to know of a unit."""

    name: str
    is_open: bool


@dataclass
class Ground:
    """The list as it stands published, for the items with these codes; `on` is the day the batch takes effect."""

    batch: Batch
    on: date
    codes: set[str]
    area_ids: set[int]
    unit_ids: set[int]
    names: set[str]  # of items to be added
    with_rows: set[str]  # codes of the items whose rows are compared

    @cached_property
    def items(self) -> dict[str, Item]:
        """Return code → item, of whichever list."""
        return {
            item.code: item for item in Item.objects.filter(code__in=self.codes).select_related("owner_area", "narrows")
        }

    @cached_property
    def newest(self) -> dict[int, ItemVersion]:
        """Return item id → its newest published version, with its batch."""
        return newest_versions(item.pk for item in self.items.values())

    @cached_property
    def contents(self) -> dict[int, Content]:
        """Return version id → content without rows."""
        return contents_of(self.newest.values(), with_rows=False)

    @cached_property
    def rows(self) -> dict[int, list[dict]]:
        """Return id of a version → rows, where rows are compared."""
        items = [self.items[code] for code in self.with_rows if code in self.items]
        versions = {self.newest[item.pk].rows_id for item in items if item.pk in self.newest}
        return rows_of(versions) if versions else {}

    @cached_property
    def lines(self) -> dict[str, BatchLine]:
        """Return code → line the batch has already."""
        return {line.code: line for line in self.batch.lines.all()}

    @cached_property
    def areas(self) -> dict[int, str]:
        """Return area id → path."""
        return dict(Area.objects.filter(pk__in=self.area_ids).values_list("pk", "path"))

    @cached_property
    def units(self) -> dict[int, UnitFacts]:
        """Return unit id → facts on the day the batch takes effect."""
        found = Unit.objects.filter(pk__in=self.unit_ids)
        open_ids = set(found.open_on(self.on).values_list("pk", flat=True))
        return {pk: UnitFacts(name, pk in open_ids) for pk, name in found.values_list("pk", "name")}

    @cached_property
    def paths(self) -> dict[Path, str]:
        """Return path → code of the item that stands there, in this list and those of the areas around."""
        around = [int(part) for part in self.batch.owner_area.path.strip("/").split("/")]
        found = Item.objects.filter(narrows=None, owner_area__in=around, entry__name__in=self.names)
        columns = ("entry__parent__parent__name", "entry__parent__name", "entry__name", "code")
        return {(one, two, name): code for one, two, name, code in found.values_list(*columns)}

    @cached_property
    def overlays(self) -> dict[int, str]:
        """Return id of a wider list's item → code of its overlay in this list."""
        found = Item.objects.filter(owner_area=self.batch.owner_area, narrows__in=[i.pk for i in self.items.values()])
        return {narrows: code for narrows, code in found.values_list("narrows", "code") if narrows}

    def version_of(self, code: str) -> ItemVersion | None:
        """Return the newest version of the item with this code, or None."""
        item = self.items.get(code)
        return self.newest.get(item.pk) if item else None

    def is_own(self, item: Item) -> bool:
        """Whether the item is on the list that the batch changes."""
        return item.owner_area_id == self.batch.owner_area_id

    def is_around(self, item: Item) -> bool:
        """Whether the item is on that list or on one of an area around it."""
        return self.batch.owner_area.path.startswith(item.owner_area.path)

    def is_known(self, item: Item) -> bool:
        """Whether an editor of this list may hear of the item: lists around and below, none beside."""
        return self.is_around(item) or item.owner_area.path.startswith(self.batch.owner_area.path)


def newest_versions(item_ids: Iterable[int]) -> dict[int, ItemVersion]:
    """Return item id → its newest published version with its batch, with one query."""
    found = ItemVersion.objects.filter(item__in=list(item_ids)).order_by("item_id", "-number").distinct("item_id")
    return {version.item_id: version for version in found.select_related("batch")}

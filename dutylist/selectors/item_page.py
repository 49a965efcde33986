"""One item in time: the version of a day, its links and overlays, who answers where, two versions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from dutylist.content import Content, changes_between, contents_of
from dutylist.models import Item, ItemVersion, Responsibility
from dutylist.wording import EMPTY, Said, marks_of, names_in, read_out, word
from grid.models import Area
from shenzhen_gov.core.text_diff import Segment, list_segments, text_segments

from .duties import responsible_for

ROWS_SHOWN = 60


@dataclass(frozen=True)
class Link:
    """Another item by its code; `name` is empty where the list holds no such item for the reader."""

    code: str
    name: str = ""
    is_ended: bool = False


@dataclass(frozen=True)
class Difference:
    """One field of two versions, in words."""

    name: str
    label: str
    before: str
    after: str
    lists: tuple[Sequence[str], Sequence[str]] | None = None

    @property
    def segments(self) -> list[Segment]:
        """Return what stayed, went and came, as plain data; of a list, entry by entry on lines of their own."""
        if self.lists:
            return [(kind, f"{entry}\n") for kind, entry in list_segments(*self.lists)]
        return text_segments(self.before, self.after)


@dataclass(frozen=True)
class Comparison:
    """Two versions of one item side by side; `same` counts the fields that read alike."""

    before: ItemVersion
    after: ItemVersion
    differences: list[Difference]
    same: int


@dataclass(frozen=True)
class RowPage:
    """The responsibility rows in the reader's territory, a page of them."""

    rows: list[Responsibility]
    total: int
    number: int
    own: Responsibility | None = None
    own_area: Area | None = None

    @property
    def next(self) -> int | None:
        """Return the number of the next page, if there is one."""
        return self.number + 1 if self.number * ROWS_SHOWN < self.total else None

    @property
    def previous(self) -> int | None:
        """Return the number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None


@dataclass(frozen=True)
class ItemPage:
    """One item as its page shows it. `shown` is the version that holds on the day, else the first one there is."""

    item: Item
    shown: ItemVersion
    base: ItemVersion | None
    is_in_force: bool
    versions: list[ItemVersion]
    rows: RowPage
    overlays: list[ItemVersion]
    successors: list[Link] = field(default_factory=list)
    confusable: list[Link] = field(default_factory=list)
    comparison: Comparison | None = None

    @property
    def said(self) -> list[tuple[str, list[Said]]]:
        """Return what the version says, in groups."""
        return read_out(self.shown, self.base)

    @property
    def marks(self) -> list[str]:
        """Return what is special about the item."""
        return marks_of(self.shown)


@dataclass(frozen=True)
class ItemQuery:
    """What the reader asked the page for: a part of the area names, a page of rows, two versions by number."""

    area_name: str = ""
    rows_page: int = 1
    before: int | None = None
    after: int | None = None


def get_item_page(code: str, on: date, user, asked: ItemQuery | None = None) -> ItemPage | None:
    """Return the page of the item with this code, or None when there is none on the lists `user` reads."""
    asked = asked or ItemQuery()
    item = _find(code, user)
    versions = list(item.versions.select_related("batch").order_by("-number")) if item else []
    if item is None or not versions:
        return None
    current = next((version for version in versions if version.effective_from <= on), None)
    shown = current or versions[-1]
    base = ItemVersion.objects.standing(on).filter(item=item.narrows_id).first() if item.narrows_id else None
    links = find_links([*shown.successors, *shown.confusable], user)
    return ItemPage(
        item=item,
        shown=shown,
        base=base,
        is_in_force=current is not None and not current.is_retired,
        versions=versions,
        rows=_rows_of(shown, base, user, asked),
        overlays=_overlays(item, on, user),
        successors=[links[code] for code in shown.successors],
        confusable=[links[code] for code in shown.confusable],
        comparison=_comparison(versions, shown, asked),
    )


def find_links(codes: Iterable[str], user) -> dict[str, Link]:
    """Return code → link, with one query; codes of lists `user` does not read have no name."""
    codes = set(codes)
    versions = ItemVersion.objects.newest().open_to(user).filter(item__code__in=codes).select_related("item")
    found = {version.item.code: version for version in versions} if codes else {}
    return {
        code: Link(code, found[code].name, found[code].is_retired) if code in found else Link(code) for code in codes
    }


def compare_contents(before: Content, after: Content) -> list[Difference]:
    """Return what reads differently in two contents, in words, with two queries when their rows differ."""
    changes = changes_between(before, after)
    moved = next((change for change in changes if change.name == "rows"), None)
    found = [
        _difference(change.name, str(change.label), change.before, change.after)
        for change in changes
        if change.name != "rows"
    ]
    if moved:
        found += _moved_rows(str(moved.label), moved.before or [], moved.after or [])
    return found


def _find(code: str, user) -> Item | None:
    items = Item.objects.open_to(user).select_related("owner_area", "narrows", "entry__parent__parent")
    return items.filter(code=code).first()


def _overlays(item: Item, on: date, user) -> list[ItemVersion]:
    """Return what narrows the item in the areas whose lists `user` reads, as of the day."""
    versions = ItemVersion.objects.in_force(on).open_to(user).filter(item__narrows=item)
    return list(versions.select_related("item__owner_area").order_by("item__owner_area__code"))


def _rows_of(shown: ItemVersion, base: ItemVersion | None, user, asked: ItemQuery) -> RowPage:
    """Return a page of the rows of `shown`. An overlay without rows of its own stands on those of what it narrows."""
    rows = Responsibility.objects.open_to(user).filter(version=shown.rows_id)
    own_area = user.unit.home_area if user.unit_id else None
    own = responsible_for(shown, own_area) if own_area else None
    if own is None and own_area and base is not None:
        own = responsible_for(base, own_area)
    if asked.area_name:
        rows = rows.filter(area__name__icontains=asked.area_name)
    start = (asked.rows_page - 1) * ROWS_SHOWN
    total = rows.count()
    listed = rows.select_related("lead_unit", "fallback_unit", "area__parent").prefetch_related("co_units")
    return RowPage(
        list(listed.order_by("area__path")[start : start + ROWS_SHOWN]), total, asked.rows_page, own, own_area
    )


def _comparison(versions: list[ItemVersion], shown: ItemVersion, asked: ItemQuery) -> Comparison | None:
    """Return the two versions asked for, else the one shown beside the one before it."""
    by_number = {version.number: version for version in versions}
    after = by_number.get(asked.after or shown.number)
    earlier = [number for number in by_number if after and number < after.number]
    before = by_number.get(asked.before) if asked.before else by_number.get(max(earlier, default=0))
    if before is None or after is None or before == after:
        return None
    contents = contents_of([before, after], with_rows=before.rows_id != after.rows_id)
    found = _endings(before, after) + compare_contents(contents[before.pk], contents[after.pk])
    return Comparison(before, after, found, len(contents[before.pk]) - len({one.name for one in found}))


def _endings(before: ItemVersion, after: ItemVersion) -> list[Difference]:
    """Return what the row of a version says beside its content: whether the item ended, and what follows it."""
    found = []
    for name in ("is_retired", "successors"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            label = ItemVersion._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            found.append(_difference(name, str(label), one, other))
    return found


def _difference(name: str, label: str, one, other) -> Difference:
    lists = (one, other) if isinstance(one, list) and isinstance(other, list) else None
    return Difference(name, label, word(name, one), word(name, other), lists)


def _moved_rows(label: str, before: list[dict], after: list[dict]) -> list[Difference]:
    """Return one difference for each area whose row reads differently."""
    names = names_in([*before, *after])
    old, new = ({row["area"]: row for row in rows} for rows in (before, after))
    areas = sorted(old.keys() | new.keys())
    return [
        Difference("rows", label, names.row(old[area]) if area in old else EMPTY,
                   names.row(new[area]) if area in new else EMPTY)
        for area in areas
        if old.get(area) != new.get(area)
    ]  # fmt: skip

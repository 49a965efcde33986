"""One line of a batch side by side: every field with its marks, the responsible units by area, what is left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise

from dutylist.choices import ENDING
from dutylist.content import FIELDS, LABELS, Content, contents_of, empty_content
from dutylist.coverage import Territory, leads_of
from dutylist.models import BatchLine, ItemVersion
from dutylist.wording import Names, names_in, word
from shenzhen_gov.core.text_diff import GONE, NEW, SAME, Segment, list_segments, text_segments

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
OK, PARTLY, MISSING = "ok", "partly", "missing"


@dataclass(frozen=True)
class FieldDiff:
    """One field before and after in words. `segments` mark what stayed, went and came (same, del, ins).

    Of a list each entry is a segment of its own. Plain data: the template escapes it.
    """

    name: str
    label: str | Promise
    before: str
    after: str
    segments: list[Segment]
    is_list: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether the field reads differently."""
        return self.before != self.after

    @property
    def before_marks(self) -> list[Segment]:
        """Return the text as it was, with what goes marked."""
        return [segment for segment in self.segments if segment[0] != NEW]

    @property
    def after_marks(self) -> list[Segment]:
        """Return the text as it becomes, with what comes marked."""
        return [segment for segment in self.segments if segment[0] != GONE]


@dataclass(frozen=True)
class Answer:
    """Who answers in an area: names."""

    lead: str
    co: list[str]
    fallback: str
    note: str


@dataclass(frozen=True)
class RowDiff:
    """One area before and after. `state`: same, added, removed or changed; `moved`: another unit leads."""

    area_id: int
    area: str
    before: Answer | None
    after: Answer | None

    @property
    def state(self) -> str:
        """Return what happens to the row."""
        if self.before is None or self.after is None:
            return ADDED if self.before is None else REMOVED
        return SAME if self.before == self.after else CHANGED

    @property
    def moved(self) -> bool:
        """Whether another unit leads than before."""
        return self.state != SAME and (not self.before or not self.after or self.before.lead != self.after.lead)


@dataclass(frozen=True)
class PartDiff:
    """One part of the list's territory, e.g. a district: whether a unit answers everywhere in it after the change."""

    area: str
    state: str  # ok, partly, missing


@dataclass(frozen=True)
class LineDiff:
    """What a line does to its item. `fields` are all of them, in order; an ending line has none, but `successors`."""

    line: BatchLine
    fields: list[FieldDiff]
    rows: list[RowDiff]
    parts: list[PartDiff]
    gaps: list[str]
    successors: list[tuple[str, str]] = field(default_factory=list)  # code, name

    @property
    def ends(self) -> bool:
        """Whether the item is no longer in force afterwards."""
        return self.line.kind in ENDING

    @property
    def changes(self) -> list[FieldDiff]:
        """Return the fields that read differently."""
        return [one for one in self.fields if one.is_changed]

    @property
    def unchanged(self) -> list[FieldDiff]:
        """Return the fields that stay as they are and say something."""
        return [one for one in self.fields if not one.is_changed and one.after]

    @property
    def changed_rows(self) -> list[RowDiff]:
        """Return the areas whose row changes."""
        return [row for row in self.rows if row.state != SAME]

    @property
    def row_counts(self) -> dict[str, int]:
        """Return how many rows stay, are added, removed and changed."""
        return dict(Counter(row.state for row in self.rows))


def get_line_diff(line: BatchLine) -> LineDiff:
    """Return the line side by side, with a fixed number of queries (about ten)."""
    before = contents_of([line.before])[line.before.pk] if line.before else empty_content()
    old_rows = before["rows"] or []
    if line.kind in ENDING:
        codes = line.after.get("successors", [])
        names = dict(ItemVersion.objects.newest().filter(item__code__in=codes).values_list("item__code", "name"))
        names |= dict(BatchLine.objects.filter(batch=line.batch_id, code__in=codes).values_list("code", "name"))
        return LineDiff(line, [], [], [], [], [(code, names.get(code, "")) for code in codes])
    rows = old_rows if line.after.get("rows") is None else line.after["rows"]
    territory = Territory(line.item.owner_area if line.item else line.batch.owner_area)
    missing = territory.gaps({row["area"] for row in rows} | _areas_beside(line))
    return LineDiff(
        line,
        [_field(name, before, line.after, is_new=line.before is None) for name in LABELS if name != "rows"],
        _rows(old_rows, rows, territory),
        _parts(territory, missing),
        [territory.names[area] for area in missing],
    )


def _field(name: str, before: Content, after: Content, *, is_new: bool) -> FieldDiff:
    one, other = before.get(name), after.get(name)
    if is_new and one != other:
        one = None  # of a new item nothing was said before, not even by default
    is_list = isinstance(one or other, list)
    if is_list:
        segments = list_segments(one or [], other or [])
    elif isinstance(one, str) and not (name in FIELDS and FIELDS[name].choices):
        segments = text_segments(one, other or "")
    else:
        segments = _replaced(word(name, one), word(name, other))
    return FieldDiff(name, LABELS[name], word(name, one), word(name, other), segments, is_list)


def _replaced(before: str, after: str) -> list[Segment]:
    if before == after:
        return [(SAME, before)] if before else []
    return [(kind, text) for kind, text in ((GONE, before), (NEW, after)) if text]


def _rows(before: list[dict], after: list[dict], territory: Territory) -> list[RowDiff]:
    """Return the areas of both sets of rows, in the order of the territory."""
    names = names_in([*before, *after])
    old, new = ({row["area"]: _answer(row, names) for row in rows} for rows in (before, after))
    place = {area: at for at, area in enumerate(territory.names)}
    areas = sorted(old.keys() | new.keys(), key=lambda area: place.get(area, len(place)))
    return [RowDiff(area, names.areas.get(area, ""), old.get(area), new.get(area)) for area in areas]


def _answer(row: dict, names: Names) -> Answer:
    unit = names.units.get
    return Answer(
        unit(row["lead"], ""), [unit(pk, "") for pk in row["co"]], unit(row["fallback"], ""), row.get("note", "")
    )


def _areas_beside(line: BatchLine) -> set[int]:
    """Return the areas where somebody answers beside the item's own rows: its overlays, or the item it narrows."""
    narrows = line.narrows_id or (line.item.narrows_id if line.item else None)
    if not narrows and not line.item_id:
        return set()
    beside = Q(item=narrows) if narrows else Q(item__narrows=line.item_id)
    versions = ItemVersion.objects.newest().filter(beside, is_retired=False)
    return {area for leads in leads_of(version.rows_id for version in versions).values() for area in leads}


def _parts(territory: Territory, missing: Iterable[int]) -> list[PartDiff]:
    """Return the parts right below the top, and how far somebody answers in them."""
    missing = set(missing)
    partly = {area for gap in missing for area in territory.chain(gap)}
    return [
        PartDiff(
            territory.names[area],
            MISSING if territory.lies_in(area, missing) else PARTLY if area in partly else OK,
        )
        for area in territory.children[territory.top_id]
    ]

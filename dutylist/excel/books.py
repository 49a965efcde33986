"""The workbooks that are handed out: the template, the list as it stands, and what a batch changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dutylist.choices import LineKind
from dutylist.content import FieldChange, changes_between, contents_of, empty_content, rows_of
from dutylist.models import Batch, BatchLine, ItemVersion
from grid.choices import Level
from grid.models import Area, Unit

from .columns import ITEM_COLUMNS, ITEMS, ROW_COLUMNS, ROWS, SHEET_TITLES, Column, column
from .listing import Listing, listing_of
from .names import Areas, Units
from .writing import Plan, Value, workbook

EXAMPLES, LONGEST_EXAMPLE = 20, 120  # items looked at, characters shown
DIFF_COLUMNS = (
    Column("code", gettext_lazy("Code"), width=16),
    Column("name", gettext_lazy("Duty item"), width=28),
    Column("kind", gettext_lazy("Kind of change")),
    Column("field", gettext_lazy("Field"), width=24),
    Column("before", gettext_lazy("Before"), width=48),
    Column("after", gettext_lazy("After"), width=48),
    Column("policy", gettext_lazy("Open cases"), width=20),
    Column("note", gettext_lazy("Note"), width=24),
)


def template_book(within: Area, on: date) -> bytes:
    """Return the empty template for the list of an area, with its areas, units and functions to choose from.

    What each column may hold is shown by an item of the lists around.
    """
    around = [int(part) for part in within.path.strip("/").split("/")]
    listed = ItemVersion.objects.newest().filter(is_retired=False, item__owner_area__in=around)
    shown = listing_of(listed.select_related("item__narrows").order_by("-number", "item__code")[:EXAMPLES])
    plans = _plans(within=within, on=on)
    for plan, lines in zip(plans, (shown.item_lines(), shown.row_lines(*shown.areas_and_units(on))), strict=True):
        plan.examples = _examples(plan.columns, lines)
    return workbook(plans)


def list_book(
    versions: Iterable[ItemVersion], *, on: date, rows: QuerySet | None = None, within: Area | None = None
) -> bytes:
    """Return these versions (with `item__narrows`) as a workbook that can be changed and imported.

    `rows` are the responsibility rows that may be shown. Without, the responsible units are left out, and an import
    leaves them alone.
    """
    with_rows = rows is not None
    listing = listing_of(versions, with_rows=None if with_rows else (), among=rows)
    return workbook(_plans(listing, with_rows=with_rows, within=within, on=on))


def lines_book(batch: Batch, on: date) -> bytes:
    """Return what the lines of a batch change: one row for each field that reads differently."""
    lines = list(batch.lines.select_related("before").order_by("position"))
    before = contents_of([line.before for line in lines if line.before is not None], with_rows=False)
    with_rows = [line.before for line in lines if line.before is not None and line.after.get("rows") is not None]
    rows_before = rows_of({version.rows_id for version in with_rows}) if with_rows else {}
    for version in with_rows:
        before[version.pk]["rows"] = rows_before.get(version.rows_id, [])
    changed = [(line, _changes(line, before)) for line in lines]
    rows = [row for _line, changes in changed for change in changes if change.name == "rows"
            for row in [*(change.before or []), *(change.after or [])]]  # fmt: skip
    areas, units = Listing({}, {"": rows}, {}).areas_and_units(on)
    cells = (cells for line, changes in changed for cells in _lines(line, changes, areas, units))
    return workbook([Plan(_("Differences"), DIFF_COLUMNS, cells, has_names=False)])


def _plans(
    listing: Listing | None = None,
    *,
    with_rows: bool = True,
    within: Area | None = None,
    on: date,
) -> list[Plan]:
    """Return the plans of the two sheets; without a listing they are empty."""
    lists: dict[str, list[str]] = {}
    if within is not None:
        lists = _words(within, on)
    functions = {name: lists["function"] for name in ("lead_function", "co_functions") if "function" in lists}
    plans = [Plan(SHEET_TITLES[ITEMS], ITEM_COLUMNS, listing.item_lines() if listing else (), functions)]
    if with_rows:
        named = {"area": lists.get("area", []), "lead": lists.get("unit", []), "fallback": lists.get("unit", [])}
        rows = listing.row_lines(*listing.areas_and_units(on)) if listing else ()
        plans.append(Plan(SHEET_TITLES[ROWS], ROW_COLUMNS, rows, named))
    return plans


def _examples(columns: Sequence[Column], lines: Iterable[Sequence[Value]]) -> dict[str, str]:
    """Return column → the first cell that says something."""
    found: dict[str, str] = {}
    for line in lines:
        for shown, cell in zip(columns, line, strict=True):
            if cell not in (None, ""):
                found.setdefault(shown.name, str(cell)[:LONGEST_EXAMPLE])
    return found


def _words(within: Area, on: date) -> dict[str, list[str]]:
    """Return the areas, the units and their functions inside a territory, as a sheet names them."""
    inside = Area.objects.below(within).filter(level__lt=Level.CELL, is_active=True).order_by("path")
    open_units = Unit.objects.open_on(on).filter(home_area__path__startswith=within.path).order_by("path")
    found = list(open_units.values_list("pk", "function"))
    areas, units = Areas(), Units(on=on, used=[pk for pk, _function in found])
    return {
        "area": [areas.texts[pk] for pk in inside.values_list("pk", flat=True)],
        "unit": [units.texts[pk] for pk, _function in found],
        "function": sorted({function for _pk, function in found}),
    }


def _changes(line: BatchLine, before: dict[int, Any]) -> list[FieldChange]:
    """Return what a line changes, as fields; an item that ends changes its successors only."""
    if line.kind == LineKind.ADD or "name" in line.after:
        old = before[line.before_id] if line.before_id else empty_content()
        return changes_between(old, line.after)
    old_successors = line.before.successors if line.before else []
    return [FieldChange("successors", column(ITEMS, "successors").label, old_successors, line.after.get("successors"))]


def _lines(line: BatchLine, changes: list[FieldChange], areas: Areas, units: Units) -> Iterator[list[Value]]:
    head = [line.code, line.name, line.get_kind_display()]
    tail = [line.get_policy_display(), line.note]
    for change in changes:
        if change.name == "rows":
            old, new = _by_area(change.before, areas, units), _by_area(change.after, areas, units)
            for area in dict.fromkeys([*old, *new]):
                if old.get(area) != new.get(area):
                    yield [*head, f"{change.label} · {area}", old.get(area, ""), new.get(area, ""), *tail]
        else:
            write = column(ITEMS, change.name).cell.write
            yield [*head, str(change.label), write(change.before), write(change.after), *tail]


def _by_area(rows: list[dict] | None, areas: Areas, units: Units) -> dict[str, str]:
    """Return area → who answers there, in one text."""
    found = {}
    for row in rows or ():
        co = ";".join(units.texts[unit] for unit in row["co"])
        parts = [
            units.texts[row["lead"]],
            _("with %(units)s") % {"units": co} if co else "",
            _("else %(unit)s") % {"unit": units.texts[row["fallback"]]} if row["fallback"] else "",
            row["note"],
        ]
        found[areas.texts[row["area"]]] = ", ".join(part for part in parts if part)
    return found

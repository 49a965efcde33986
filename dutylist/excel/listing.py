"""What the list says, as the cells of the two sheets: what is exported, and what an imported file is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from dutylist.content import FIELDS, Content, contents_of, rows_of
from dutylist.models import ItemVersion

from .columns import ITEM_COLUMNS
from .names import Areas, Units
from .writing import Value

RowCells = tuple[str, str, str, str, str]  # area, lead, co, fallback, note
_OF_CONTENT = [column for column in ITEM_COLUMNS if column.name in FIELDS or column.name in {"level1", "level2"}]


@dataclass
class Listing:
    """The contents of some versions by the code of their item, and their responsibility rows as data and as cells."""

    contents: dict[str, Content]
    rows: dict[str, list[dict]]
    narrows: dict[str, str]

    def cells_of(self, code: str) -> dict[str, Value]:
        """Return column → cell of one item; columns that no content fills are left out."""
        content = self.contents[code]
        return {column.name: column.cell.write(content[column.name]) for column in _OF_CONTENT}

    def item_lines(self) -> Iterator[list[Value]]:
        """Yield the lines of the first sheet."""
        places = [(column.name, column.cell.write) for column in ITEM_COLUMNS]
        for code, content in self.contents.items():
            own = {"code": code, "narrows": self.narrows.get(code, "")}
            yield [own.get(name, "") if name in own else write(content[name]) if name in content else ""
                   for name, write in places]  # fmt: skip

    def row_lines(self, areas: Areas, units: Units) -> Iterator[Sequence[Value]]:
        """Yield the lines of the second sheet."""
        for code, rows in self.rows.items():
            for cells in row_cells(rows, areas, units):
                yield code, *cells

    def areas_and_units(self, on: date, sought_areas: Iterable[str] = (), sought_units: Iterable[str] = ()):
        """Return the names of everything the rows name, and of what else is sought."""
        named = [row for rows in self.rows.values() for row in rows]
        used = {unit for row in named for unit in (row["lead"], row["fallback"], *row["co"]) if unit}
        return (
            Areas({row["area"] for row in named}, sought_areas),
            Units(on=on, used=used, sought=sought_units),
        )


def listing_of(
    versions: Iterable[ItemVersion], *, with_rows: Iterable[str] | None = None, among: QuerySet | None = None
) -> Listing:
    """Return what these versions (with `item__narrows`) say, in their order.

    `with_rows`: the codes of the items whose responsibility rows are wanted; None: of all. `among`: only these rows.
    """
    versions = list(versions)
    codes = {version.pk: version.item.code for version in versions}
    contents = contents_of(versions, with_rows=False)
    wanted = None if with_rows is None else set(with_rows)
    asked = [version for version in versions if wanted is None or codes[version.pk] in wanted]
    rows = rows_of({version.rows_id for version in asked}, among) if asked else {}
    return Listing(
        contents={codes[version.pk]: contents[version.pk] for version in versions},
        rows={codes[version.pk]: rows.get(version.rows_id, []) for version in asked},
        narrows={
            version.item.code: version.item.narrows.code for version in versions if version.item.narrows is not None
        },
    )


def row_cells(rows: Iterable[dict], areas: Areas, units: Units) -> list[RowCells]:
    """Return responsibility rows as cells, in their order."""
    names = units.texts
    return [
        (
            areas.texts[row["area"]],
            names[row["lead"]],
            ";".join([names[unit] for unit in row["co"]]),
            names[row["fallback"]] if row["fallback"] else "",
            row["note"],
        )
        for row in rows
    ]

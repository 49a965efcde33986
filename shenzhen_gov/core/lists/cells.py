"""The cells of a table's rows: declared with django-tables2, worked out here.

The package looks up each cell's function signature, attributes and choices anew; here that is done once a table. What
columns may do stays the same: `render_x`/`value_x`, `accessor`, `default`, `empty_values`, choices shown by their
label, `attrs` that depend on the record. Columns with links of their own are left to the package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Model
from django.utils.safestring import SafeString
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from django_tables2.columns.linkcolumn import BaseLinkColumn
from django_tables2.columns.manytomanycolumn import ManyToManyColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import computed_values, signature

SCREEN, EXPORT = "render", "value"
OF_THE_PACKAGE = (BaseLinkColumn, ManyToManyColumn)


@dataclass(frozen=True)
class Line:
    """One row of the page: the attributes of its <tr>, and for each cell those of its <td> and its content."""

    attrs: SafeString
    cells: list[tuple[SafeString, Any]]


def lines(table: Table) -> list[Line]:
    """Return the rows of the page as the template shows them."""
    readers = [_Reader(table, bound, SCREEN) for bound in table.columns]
    return [Line(_row_attrs(table, record), [reader.cell(record) for reader in readers]) for record in table.data]


def export_lines(table: Table) -> list[list]:
    """Return the values of the rows as the export writes them, invisible columns included."""
    readers = [_Reader(table, bound, EXPORT) for bound in exported_columns(table)]
    return [[reader.value(record) for reader in readers] for record in table.data]


def exported_columns(table: Table) -> list[BoundColumn]:
    """Return the columns that are exported, those hidden on the screen included."""
    return [bound for bound in table.columns.iterall() if not bound.column.exclude_from_export]


class _Reader:
    """One column, with everything about it that does not depend on the row."""

    def __init__(self, table: Table, bound: BoundColumn, kind: str):
        self.table, self.bound, self.kind = table, bound, kind
        self.column = bound.column
        self.default = bound.default if kind == SCREEN else None
        self.by_package = isinstance(self.column, OF_THE_PACKAGE) or bool(bound.link)
        self.function: Callable = getattr(bound, kind)
        self.wanted, self.takes_all = signature(self.function)
        # What depends on the row is asked again for each; nearly always nothing does.
        self.attrs_vary = any(callable(value) for value in _cell_attrs(table, self.column).values())
        self.attrs = SafeString("") if self.attrs_vary else bound.attrs["td"].as_html()
        self.has_choices: bool | None = None

    def cell(self, record) -> tuple[SafeString, Any]:
        """Return the attributes and the content of the cell."""
        value = self.value(record)
        if self.attrs_vary:
            self.bound.current_value, self.bound.current_record = value, record
            return self.bound.attrs["td"].as_html(), value
        return self.attrs, value

    def value(self, record) -> Any:
        """Return the content of the cell."""
        if self.by_package:
            row = BoundRow(record, self.table)
            return row.get_cell(self.bound.name) if self.kind == SCREEN else row.get_cell_value(self.bound.name)
        value = self._read(record)
        if value in self.column.empty_values:
            return self.default
        return self._call(record, value)

    def _call(self, record, value):
        given = {
            "value": value, "record": record, "column": self.column, "bound_column": self.bound, "table": self.table,
        }  # fmt: skip
        if self.takes_all or "bound_row" in self.wanted:
            given["bound_row"] = BoundRow(record, self.table)
        return self.function(**(given if self.takes_all else {name: given[name] for name in self.wanted}))

    def _read(self, record):
        accessor = self.bound.accessor
        try:
            if self._shows_choices(record):
                holder, name = accessor.penultimate(record)
                return getattr(holder, f"get_{name}_display")() if holder is not None else None
            if isinstance(record, Model) and "__" not in accessor and "." not in accessor:
                value = getattr(record, accessor)
                return value() if callable(value) and not getattr(value, "alters_data", False) else value
            return accessor.resolve(record)
        except (AttributeError, KeyError, ObjectDoesNotExist, TypeError, ValueError):
            return None  # a column without a field of its own: its function draws it from the record

    def _shows_choices(self, record) -> bool:
        """Whether the column's field has choices; the rows of a table are of one kind, so the first one answers."""
        if self.has_choices is None:
            try:
                field = self.bound.accessor.get_field(record) if isinstance(record, Model) else None
                self.has_choices = bool(getattr(field, "choices", None))
            except FieldDoesNotExist:
                self.has_choices = False
        return self.has_choices


def _cell_attrs(table: Table, column) -> dict:
    attrs = {**table.attrs, **column.attrs}
    return attrs.get("td", attrs.get("cell", {}))


def _row_attrs(table: Table, record) -> SafeString:
    if not table.row_attrs:
        return SafeString("")
    attrs = computed_values(table.row_attrs, kwargs={"table": table, "record": record})
    return type(table.row_attrs)(attrs).as_html()

"""A report as it is kept: titles, sentences and tables of one language, as plain JSON. Every form is made from it.

A cell is a text, or a number with its measure: [12.5, "percent"]. None stands where there is nothing to divide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from analytics.choices import Measure

CHANGE, POINTS = "change", "points"  # by how many per cent, by how many percentage points
DASH = "–"
NUMBER_FORMATS = {  # as Excel writes them
    Measure.COUNT: "#,##0",
    Measure.PERCENT: '0.0"%"',
    Measure.HOURS: "#,##0.0",
    Measure.TIMES: "0.00",
    CHANGE: '+0.0"%";-0.0"%";0.0"%"',
    POINTS: "+0.0;-0.0;0.0",
}

Cell = str | list[Any]


@dataclass(frozen=True)
class Section:
    """A part of a report: a heading, sentences, a table, a remark below it. `numeric`: the columns of numbers."""

    title: str
    sentences: Sequence[str] = ()
    columns: Sequence[str] = ()
    numeric: Sequence[int] = ()
    rows: Sequence[Sequence[Cell]] = ()
    note: str = ""


@dataclass(frozen=True)
class Document:
    """A report in one language."""

    title: str
    period: str
    as_of: str
    sections: list[Section] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)


def read_document(stored: dict[str, Any]) -> Document:
    """Return a stored report."""
    return Document(**(stored | {"sections": [Section(**section) for section in stored["sections"]]}))


def number(value: float | None, measure: str) -> Cell:
    """Return a cell with a number."""
    return [None if value is None else round(float(value), 4), str(measure)]


def shown(cell: Cell) -> str:
    """Return a cell as people read it."""
    if isinstance(cell, str):
        return cell
    value, measure = cell
    if value is None:
        return DASH
    if measure in (CHANGE, POINTS) and not round(value, 1):
        return "0.0%" if measure == CHANGE else "0.0"
    return {
        Measure.PERCENT: "{:.1f}%",
        Measure.HOURS: "{:,.1f}",
        Measure.TIMES: "{:.2f}",
        CHANGE: "{:+.1f}%",
        POINTS: "{:+.1f}",
    }.get(measure, "{:,.0f}").format(value)

"""The columns of the two sheets: 事项, one row an item, and 责任对照, one row an item and area.

A column has a stable English name, which stands in the second row of a file, and a heading in the reader's language.
A file is read by either, so that it may be made in one language and brought back in the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dutylist.choices import LineKind, OpenCasePolicy
from dutylist.content import FIELDS, LABELS
from shenzhen_gov.core.workbooks import as_key, in_all_languages

from .cells import Choice, Code, Codes, Name, Text, Words, cell_of

ITEMS, ROWS = "items", "rows"
SHEET_TITLES: dict[str, str | Promise] = {ITEMS: _("Items"), ROWS: _("Responsible units")}
PROBLEM = "problem"  # the first column of a marked-up file, passed over when it is brought back
PROBLEM_LABEL = _("What is wrong")


@dataclass(frozen=True)
class Column:
    """One column of a sheet."""

    name: str
    label: str | Promise
    cell: Text = field(default_factory=Text)
    hint: str | Promise = ""
    width: int = 14

    def full_hint(self, example: str = "") -> str:
        """Return what is said about the column in the comment at its head."""
        said = [
            str(self.hint),
            self.cell.hint(),
            gettext("For example: %(text)s") % {"text": example} if example else "",
        ]
        return "\n".join(part for part in said if part) or gettext("Text.")


_IN_FRONT = (
    *("name", "criteria", "exclusions", "close_criteria", "keywords", "examples"),
    *("limit_normal", "limit_urgent", "limit_very_urgent", "limit_unit", "contact_hours"),
)
_HINTS = {
    "name": _("The third level of the path."),
    "limit_normal": _("How long handling may take, in the unit beside it."),
    "limit_unit": _("What the limits are counted in."),
    "confusable": _("Codes of items this one is taken for."),
    "examples": _("How citizens say it; three to five."),
}
_WIDE = {"criteria": 40, "exclusions": 28, "close_criteria": 28, "examples": 40, "name": 28, "keywords": 24}


def _content_columns() -> list[Column]:
    names = [*_IN_FRONT, *(name for name in FIELDS if name not in _IN_FRONT)]
    return [
        Column(name, LABELS[name], cell_of(FIELDS[name]), _HINTS.get(name, ""), _WIDE.get(name, 14)) for name in names
    ]


ITEM_COLUMNS = (
    Column(
        "kind",
        _("Kind of change"),
        Choice(LineKind.choices, can_be_emptied=True),
        _("May stay empty: it is worked out by comparing with the list."),
    ),
    Column("code", _("Code"), Code(), _("Stands for the item for ever and is never reused."), 16),
    Column("level1", LABELS["level1"], Name(), _("Of the path of a new item."), 16),
    Column("level2", LABELS["level2"], Name(), _("Of the path of a new item."), 16),
    *_content_columns(),
    Column("narrows", _("Narrows"), Code(), _("Code of the city item that a new local item narrows.")),
    Column("successors", _("Superseded by"), Codes(), _("Codes of the items that follow a merged or split one.")),
    Column("policy", _("Open cases"), Choice(OpenCasePolicy.choices, can_be_emptied=True)),
    Column("note", _("Note on the change"), Text(), "", 24),
    Column("lead_function", _("Lead function"), Code(), _("Every open unit with this function answers at home.")),
    Column("co_functions", _("Co-handling functions"), Codes(), _("The nearest units with these functions help.")),
)
ROW_COLUMNS = (
    Column("code", _("Code"), Code(), _("Of the item; its rows here replace all it had."), 16),
    Column("area", _("Area"), Name(), _("Official code, or the name, if need be with the areas around it."), 32),
    Column("lead", _("Lead unit"), Name(), _("Code, or any name the unit has or had."), 32),
    Column("co", _("Co-handling units"), Words(), _("Codes, or any names the units have or had."), 32),
    Column("fallback", _("Fallback unit"), Text(), _("Code, or any name the unit has or had."), 28),
    Column("note", _("Note"), Text(), "", 24),
)
COLUMNS = {ITEMS: ITEM_COLUMNS, ROWS: ROW_COLUMNS}
NEEDED = {ITEMS: ("code",), ROWS: ("code", "area", "lead")}
# What tells the two sheets apart, whatever they are called.
TELLING = {ITEMS: {"name", "kind", "level1"}, ROWS: {"area", "lead"}}


BY_NAME = {(sheet, one.name): one for sheet, columns in COLUMNS.items() for one in columns}


def column(sheet: str, name: str) -> Column:
    """Return the column of this stable name. Raises KeyError for a name that the sheet does not have."""
    return BY_NAME[sheet, name]


@cache
def headings(sheet: str) -> dict[str, str]:
    """Return heading as it is compared → stable name: the names themselves, and the headings of every language."""
    words = [(one.name, one.label) for one in COLUMNS[sheet]] + [(PROBLEM, PROBLEM_LABEL)]
    return in_all_languages(words) | {as_key(name): name for name, _label in words}

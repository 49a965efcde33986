"""四级一览: drill from the city to the cells: how much there is to do, how well it goes, and the cases behind it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from analytics import selectors
from analytics.selectors import Figures, LevelRow
from dispatch.selectors import loads
from grid.models import Area

from .readers import to_unit_board

SHADES = 5


@dataclass(frozen=True)
class Column:
    """A column of the table: what it shows, the figure of dispatch whose cases it leads to, shown as a share."""

    name: str
    label: str | Promise
    figure: str = ""
    is_share: bool = False
    tone: str = ""


COLUMNS = (
    Column("open", gettext_lazy("Open cases"), loads.OPEN),
    Column("due_today", gettext_lazy("Due today"), loads.DUE_TODAY, tone="warn"),
    Column("overdue", gettext_lazy("Overdue"), loads.OVERDUE, tone="bad"),
    Column("closed", gettext_lazy("Closed this week"), loads.CLOSED),
    Column("on_time_share", gettext_lazy("On time"), loads.LATE, is_share=True),
    Column("satisfaction", gettext_lazy("Satisfaction"), loads.SATISFIED, is_share=True),
    Column("rated_share", gettext_lazy("Rated"), loads.RATED, is_share=True),
    Column("staff", gettext_lazy("Staff")),
)
BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True)
class Cell:
    """One figure of one row, and where it leads; `value` is None where there is nothing to divide."""

    column: Column
    value: float | None
    address: str = ""

    @property
    def tone(self) -> str:
        """Return the tone, for what is not nought."""
        return self.column.tone if self.value else ""


@dataclass(frozen=True)
class Line:
    """One row of the table, and its tile."""

    row: LevelRow
    cells: list[Cell]
    address: str
    shade: int


@login_required
@require_GET
def start(request):
    """Lead to the widest area whose figures one reads."""
    area = selectors.home_area(request.user)
    if area is None:
        return to_unit_board(request.user)
    return redirect("analytics:level", area.code)


@login_required
@require_GET
def levels(request, code: str):
    """Show one area: the areas below it as tiles and as a table."""
    area = selectors.get_area(request.user, code)
    found = selectors.get_levels(area, timezone.now())
    sort, rows = _sorted(found.rows, request.GET.get("sort", ""))
    most = max((row.figures.open for row in rows if not row.is_rest), default=0)
    context = {
        "title": _("Four levels: %(area)s") % {"area": area.name},
        "parents": _parents(request.user, area),
        "area": area,
        "columns": [(column, _sort_links(column, sort)) for column in COLUMNS],
        "lines": [_line(row, most) for row in rows],
        "total": [_cell(column, found.total, {"within": area.code}) for column in COLUMNS],
        "made_at": found.made_at,
    }
    return render(request, "analytics/levels.html", context)


def _parents(user, area: Area) -> list[tuple[str, str]]:
    """Return the areas around that the user may open, widest first."""
    around = Area.objects.visible_to(user).containing(area).exclude(pk=area.pk)
    return [(one.name, reverse("analytics:level", args=[one.code])) for one in around if selectors.may_open(user, one)]


def _sorted(rows: list[LevelRow], given: str) -> tuple[str, list[LevelRow]]:
    """Return the order in force and the rows in it; what lies in none of the areas below comes last."""
    name = given.removeprefix("-")
    if name not in BY_NAME:
        return "", sorted(rows, key=lambda row: row.is_rest)
    sign = -1 if given.startswith("-") else 1

    def key(row: LevelRow):
        value = getattr(row.figures, name)
        return row.is_rest, value is None, sign * (value or 0)

    return given, sorted(rows, key=key)


def _sort_links(column: Column, sort: str) -> dict[str, str]:
    """Return the address that sorts by a column, highest first, then lowest first; and how it is sorted now."""
    falling = sort == f"-{column.name}"
    direction = {f"-{column.name}": "descending", column.name: "ascending"}.get(sort, "")
    return {"href": f"?sort={'' if falling else '-'}{column.name}", "direction": direction}


def _line(row: LevelRow, most: int) -> Line:
    place = {"at" if row.is_rest else "within": row.code}
    shade = 1 + (SHADES - 1) * row.figures.open // most if most else 1
    address = "" if row.is_rest else reverse("analytics:level", args=[row.code])
    return Line(row, [_cell(column, row.figures, place) for column in COLUMNS], address, min(shade, SHADES))


def _cell(column: Column, figures: Figures, place: dict[str, str]) -> Cell:
    value = getattr(figures, column.name)
    if not column.figure or value is None or (not value and not column.is_share):
        return Cell(column, value)
    return Cell(column, value, f"{reverse('dispatch:cases')}?{urlencode({'figure': column.figure, **place})}")

"""The cases behind a figure: found by the postings that the figure was counted from, so that both always agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics import selectors, wording
from analytics.forms.behind import BehindForm
from analytics.parts import BY_CODE
from analytics.selectors import defining
from analytics.selectors.behind import Place, Wanted, cases_behind, total_behind
from analytics.tables import BehindTable
from intake.models import Case
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.lists import EXPORT_LIMIT, BadCursor
from shenzhen_gov.core.lists.cells import export_lines, exported_columns, lines
from shenzhen_gov.core.lists.export import file_response

from .figure_links import MINUTES
from .readers import unit_for

PAGE, CHUNK = 50, 500


@login_required
@require_GET
def behind(request):
    """Show the cases that a figure counts, newest first, with the figure and what it means above them."""
    form = BehindForm(request.GET)
    if not form.is_valid():
        raise BadInput(form.problem)
    wanted = _wanted(request.user, form)
    if request.GET.get("export") == "xlsx":
        return _export(wanted, request.user)
    return render(request, "analytics/behind.html", _context(request, wanted, str(wanted.area or form.chosen_unit)))


def _context(request, wanted: Wanted, place: str) -> dict:
    """Return the figure, what it means, and one page of its cases."""
    found = cases_behind(wanted, request.user, after=_place(request.GET.get("after", "")), limit=PAGE + 1)
    shown, total = found[:PAGE], total_behind(wanted)
    table = _table(shown)
    return {
        "title": _("Cases behind a figure"),
        "part": wanted.part,
        "place": place,
        "period": wording.days_of(wanted.period),
        "total": None if total is None else f"{total:,}",
        "is_sum": wanted.part.code in MINUTES,
        "indicators": defining(wanted.part.code, wanted.period.last),
        "wanted": wanted,
        "table": table,
        "lines": lines(table),
        "next": _address(request, after=_after(shown[-1])) if len(found) > PAGE else "",
        "first": _address(request) if request.GET.get("after") else "",
        "export": _address(request, export="xlsx"),
    }


def _wanted(user, form: BehindForm) -> Wanted:
    given = form.cleaned_data
    area = selectors.get_area(user, given["area"]) if given["area"] else None
    form.chosen_unit = unit_for(user, given["unit"]) if given["unit"] else None
    return Wanted(
        part=BY_CODE[given["part"]], period=form.period, area=area, unit_id=given["unit"],
        item_id=given["item"], channel_id=given["channel"], ranked_only=given["ranked"],
    )  # fmt: skip


def _place(text: str) -> Place | None:
    """Return where the list goes on. Raises BadCursor."""
    if not text:
        return None
    try:
        day, case_id = text.split(".")
        if not (case_id.isascii() and case_id.isdecimal() and len(case_id) < 19):
            raise BadCursor
        return Place(date.fromisoformat(day), int(case_id))
    except ValueError:
        raise BadCursor from None


def _after(row: tuple[date, Case]) -> str:
    day, case = row
    return f"{day.isoformat()}.{case.pk}"


def _address(request, **more: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in ("after", "export")}
    return "?" + urlencode({**kept, **more})


def _table(rows: list[tuple[date, Case]]) -> BehindTable:
    for day, case in rows:
        case.counted_on = day  # type: ignore[attr-defined]  # for its column
    return BehindTable([case for _day, case in rows], orderable=False)


def _export(wanted: Wanted, user) -> FileResponse:
    """Return the whole list as a file. Raises Refused when there are more than EXPORT_LIMIT."""
    total = total_behind(wanted)
    if total is not None and total > EXPORT_LIMIT and wanted.part.code not in MINUTES:
        text = _("These are more than %(limit)s rows. Please narrow the filter and export again.")
        raise Refused(text % {"limit": f"{EXPORT_LIMIT:,}"})
    return file_response(_rows(wanted, user), "cases-behind-figure")


def _rows(wanted: Wanted, user) -> Iterator[list]:
    """Yield the header line, then one list of values for each case, at most EXPORT_LIMIT."""
    yield [str(bound.header) for bound in exported_columns(_table([]))]
    after, given = None, 0
    while given < EXPORT_LIMIT:
        found = cases_behind(wanted, user, after=after, limit=CHUNK)
        yield from export_lines(_table(found))
        given += len(found)
        if len(found) < CHUNK:
            return
        after = Place(found[-1][0], found[-1][1].pk)

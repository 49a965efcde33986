"""The cases behind a figure: found by the postings that the figure was counted from, so that both always agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics import selectors, wording
from analytics.forms.behind import BehindForm
from analytics.parts import BY_CODE
from analytics.selectors import defining
from analytics.selectors.behind import Place, Wanted
from analytics.selectors.behind_units import WantedBelow, cases_of, total_of
from analytics.selectors.unit_figures import UnitScope, get_unit
from analytics.tables import BehindTable
from intake.models import Case
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.lists import EXPORT_LIMIT, BadCursor
from shenzhen_gov.core.lists.background import exported_by, offer_background
from shenzhen_gov.core.lists.cells import export_lines, exported_columns, lines
from shenzhen_gov.core.lists.export import file_response

from .figure_links import MINUTES

PAGE, CHUNK = 50, 500
NAME = "cases-behind-figure"


def export_rows(request) -> Iterator[list]:
    """Return the whole list for a worker that writes it as a file."""
    return _rows(_wanted(request.user, _read(request)), request.user)


@exported_by(export_rows, NAME)
@login_required
@require_GET
def behind(request):
    """Show the cases that a figure counts, newest first, with the figure and what it means above them."""
    form = _read(request)
    wanted = _wanted(request.user, form)
    if request.GET.get("export") == "xlsx":
        return _export(wanted, request)
    return render(request, "analytics/behind.html", _context(request, wanted, _place_words(wanted, form)))


def _read(request) -> BehindForm:
    """Return what is asked for. Raises BadInput."""
    form = BehindForm(request.GET)
    if not form.is_valid():
        raise BadInput(form.problem)
    return form


def _place_words(wanted: Wanted, form: BehindForm) -> str:
    if isinstance(wanted, WantedBelow):
        return _("%(unit)s with the units below it") % {"unit": form.chosen_unit}
    return str(wanted.area or form.chosen_unit)


def _context(request, wanted: Wanted, place: str) -> dict:
    """Return the figure, what it means, and one page of its cases."""
    found = cases_of(wanted, request.user, after=_place(request.GET.get("after", "")), limit=PAGE + 1)
    shown, total = found[:PAGE], total_of(wanted)
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
    form.chosen_unit = get_unit(user, given["unit"]) if given["unit"] else None
    kind: type[Wanted] = Wanted
    more = {}
    if form.chosen_unit and given["below"]:
        kind, more = WantedBelow, {"unit_ids": tuple(UnitScope(form.chosen_unit).paths)}
    return kind(
        part=BY_CODE[given["part"]], period=form.period, area=area, unit_id=given["unit"],
        item_id=given["item"], channel_id=given["channel"], ranked_only=given["ranked"], **more,
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


def _export(wanted: Wanted, request) -> HttpResponseBase:
    """Return the whole list as a file; of more than EXPORT_LIMIT cases it is written in the background."""
    total = total_of(wanted)
    if total is not None and total > EXPORT_LIMIT and wanted.part.code not in MINUTES:
        return offer_background(request)
    rows = list(islice(_rows(wanted, request.user), EXPORT_LIMIT + 2))  # with the heading, and one too many
    return offer_background(request) if len(rows) > EXPORT_LIMIT + 1 else file_response(iter(rows), NAME)


def _rows(wanted: Wanted, user) -> Iterator[list]:
    """Yield the header line, then one list of values for each case."""
    yield [str(bound.header) for bound in exported_columns(_table([]))]
    after = None
    while found := cases_of(wanted, user, after=after, limit=CHUNK):
        yield from export_lines(_table(found))
        after = Place(found[-1][0], found[-1][1].pk)

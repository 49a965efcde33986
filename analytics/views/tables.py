"""自助报表: choose rows, columns, indicators, area and time; the answer as a page, Excel or CSV; kept under a name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from analytics import services
from analytics.choices import TableRows
from analytics.forms.tables import KeepTableForm, TableForm, first_question
from analytics.selectors.crosstab import TIMES, Asked, Line, Table, make_table
from analytics.selectors.figures import Period, Value
from analytics.selectors.table_choices import TablePlace, indicators_offered, kept_tables, places_offered
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists.export import TYPE, write_workbook

MOST_EXPORTED, MOST_BARS = 20_000, 20
SATISFIED, EVALUATED = "satisfaction", "evaluated"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@login_required
@require_GET
def tables(request: HttpRequest) -> HttpResponseBase:
    """Show the form and the answer; as a file where the address says so."""
    places = places_offered(request.user, request.GET.get("area", ""))
    given = request.GET if "rows" in request.GET else _first(request.GET.get("area", ""), places)
    form = _form(given, places)
    found = asked = None
    kind = request.GET.get("export", "")
    if form.is_valid():
        asked = _asked(form.cleaned_data, places)
        try:
            limits = {"limit": MOST_EXPORTED} if kind else {"after": request.GET.get("after", "")[:20]}
            found = make_table(asked, request.user, **limits)
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    if kind and found is not None and asked is not None:
        return _file(kind, asked, found)
    return render(request, "analytics/tables.html", _context(request, given, form, asked, found))


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the question under a name."""
    form = KeepTableForm(request.POST)
    query = ""
    if form.is_valid():
        query = form.cleaned_data["query"]
        if attempt(form, request, services.keep_table, form.cleaned_data["name"], query,
                   is_shared=form.cleaned_data["is_shared"]):  # fmt: skip
            messages.success(request, _("Kept."))
            return redirect(f"{reverse('analytics:tables')}?{query}")
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))
    return redirect(f"{reverse('analytics:tables')}?{query}")


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a kept table of one's own."""
    services.remove_table(pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("analytics:tables")


def _first(asked: str, places: list[TablePlace]) -> QueryDict:
    """Return the first question, about the place asked for where it is one of those offered."""
    place = next((one for one in places if one.value == asked), places[0])
    return _query(first_question(place.value, timezone.localdate(), is_unit=place.unit is not None))


def _form(given, places: list[TablePlace]) -> TableForm:
    return TableForm(
        given,
        areas=[(place.value, place.words) for place in places],
        indicators=indicators_offered(timezone.localdate()),
    )


def _asked(data: dict[str, Any], places: list[TablePlace]) -> Asked:
    place = next(one for one in places if one.value == data["area"])
    return Asked(
        data["rows"],
        data["columns"],
        _with_share(data["indicators"]),
        place.area,
        Period(data["first"], data["last"]),
        data["unit_kind"],
        data["minimum"] or 0,
        data["sort"] or ("" if data["rows"] in TIMES else f"-{data['indicators'][0]}"),
        place.unit,
    )


def _with_share(chosen: list[str]) -> tuple[str, ...]:
    """满意率 is never shown without the share that was evaluated."""
    if SATISFIED not in chosen or EVALUATED in chosen:
        return tuple(chosen)
    place = chosen.index(SATISFIED) + 1
    return (*chosen[:place], EVALUATED, *chosen[place:])


def _context(request: HttpRequest, given, form: TableForm, asked: Asked | None, found: Table | None) -> dict:
    context = {
        "title": _("Tables of figures"),
        "form": form,
        "asked": asked,
        "found": found,
        "kept": kept_tables(request.user),
        "keep_form": KeepTableForm(initial={"query": _without(given, "after", "export")}),
    }
    if found is None or asked is None:
        return context
    return context | _answer(asked, found) | _links(given, asked, found)


def _answer(asked: Asked, found: Table) -> dict:
    return {
        "lines": [(line, _cells(found, line)) for line in found.lines],
        "total": _cells(found, found.total),
        "steps": [_step_name(asked, column) for column in found.columns] if asked.rows not in TIMES else [],
        "rows_label": TableRows(asked.rows).label,
        "chart": _chart(asked, found),
    }


def _links(given: QueryDict, asked: Asked, found: Table) -> dict:
    """Return where the headings, the next page and the files lead."""
    here, question = _without(given, "after", "export"), _without(given, "after", "export", "sort")
    headings = []
    for version in found.versions:
        code = version.indicator.code
        address = f"?{question}&{urlencode({'sort': _next_sort(asked.sort, code)})}"
        headings.append((version, address, _direction(asked.sort, code)))
    return {
        "headings": headings,
        "by_name": f"?{question}&sort=name",
        "more": f"?{here}&{urlencode({'after': found.more})}" if found.more else "",
        "files": [("Excel", f"?{here}&export=xlsx"), ("CSV", f"?{here}&export=csv")],
    }


def _cells(found: Table, line: Line) -> list[tuple[Any, Value | None, bool]]:
    """Return (version, value, whether it is the whole time), indicator by indicator."""
    cells = []
    for version in found.versions:
        code = version.indicator.code
        cells.append((version, line.values.get(code), True))
        cells += [(version, line.cells[column].get(code), False) for column in found.columns if column in line.cells]
    return cells


def _chart(asked: Asked, found: Table) -> dict:
    """Return what the chart draws: the first indicator of the rows shown; a line where they are times."""
    version = found.versions[0]
    lines = found.lines if asked.rows in TIMES else found.lines[:MOST_BARS]
    return {
        "name": version.indicator.label,
        "unit": version.get_measure_display(),
        "is_time": asked.rows in TIMES,
        "names": [line.name for line in lines],
        "values": [_number(line.values.get(version.indicator.code)) for line in lines],
    }


def _file(kind: str, asked: Asked, found: Table) -> FileResponse:
    """Return every row as a file to save; the last line is the whole."""
    name = f"figures-{asked.place.code}-{asked.answered.first:%Y%m%d}-{asked.answered.last:%Y%m%d}"
    if kind == "xlsx":
        file = io.BytesIO()
        write_workbook(file, _file_rows(asked, found))
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=TYPE)
    if kind != "csv":
        raise Refused(_("Only Excel and CSV are offered."))
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_safe(value) for value in row] for row in _file_rows(asked, found))
    data = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    return FileResponse(data, as_attachment=True, filename=f"{name}.csv", content_type="text/csv; charset=utf-8")


def _file_rows(asked: Asked, found: Table) -> Iterator[list]:
    head = [str(TableRows(asked.rows).label)]
    for version in found.versions:
        words = f"{version.indicator.label} ({version.get_measure_display()})"
        head.append(words)
        if asked.rows not in TIMES:
            head += [f"{words} {_step_name(asked, column)}" for column in found.columns]
    yield head
    for line in (*found.lines, found.total):
        name = _("Whole: %(name)s") % {"name": line.name} if line is found.total else line.name
        yield [name, *(_number(value) for _version, value, _whole in _cells(found, line))]


def _safe(value: Any) -> Any:
    """A name that a spreadsheet would take for a formula is text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _number(value: Value | None) -> float | int | None:
    if value is None or value.value is None:
        return None
    return int(value.value) if value.value.is_integer() else round(value.value, 2)


def _step_name(asked: Asked, column: date) -> str:
    return f"{column:%Y-%m}" if asked.grain == TableRows.MONTHS else f"{column:%m-%d}"


def _next_sort(sort: str, code: str) -> str:
    return code if sort == f"-{code}" else f"-{code}"


def _direction(sort: str, code: str) -> str:
    return {code: "ascending", f"-{code}": "descending"}.get(sort, "")


def _query(first: dict) -> QueryDict:
    return QueryDict(urlencode(first, doseq=True))


def _without(given: QueryDict, *names: str) -> str:
    """Return the question as an address, without some of it; only what the form knows."""
    kept = [(key, value) for key, values in given.lists() for value in values
            if key in TableForm.base_fields and key not in names]  # fmt: skip
    return urlencode(kept)

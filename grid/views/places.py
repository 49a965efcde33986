"""The address register: finding buildings, one building, and tables of them brought in."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grid import access
from grid.access import holding
from grid.choices import Act, ImportState, PlaceTable
from grid.faults import fault_text
from grid.forms.places import ImportForm
from grid.selectors import find_buildings
from grid.selectors import places as selectors
from grid.selectors.rentals import WORKERS, rentals_in
from grid.services.keeping import ACTS
from grid.services.place_imports import ask_import, job_name
from grid.tables import COLUMNS, label_of
from grid.wake import wake_up_imports
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight, Refused

LONGEST_QUERY = 60
for_readers = holding(Act.VIEW_CASE, Act.REGISTER_CASE, Act.GRID_ROUND, *ACTS)


def may_import(user) -> bool:
    """Whether `user` keeps the register somewhere."""
    return user.is_superuser or any(access.holds(user, act) for act in ACTS)


@for_readers
@never_cache
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Find buildings by words or by the beginning of a code."""
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    found = find_buildings(text, request.user) if text.strip() else None
    context = {"title": _("Places"), "text": text, "found": found, "may_import": may_import(request.user)}
    return render(request, "grid/places.html", context)


@for_readers
@never_cache
@require_GET
def building(request: HttpRequest, code: str) -> HttpResponse:
    """Show one building with its rooms."""
    found = selectors.get_building(request.user, code)
    if found is None:
        raise OutOfSight(_("Not found."))
    context = {"title": found.name, "parents": [(_("Places"), reverse("grid:places"))], "building": found}
    context |= {"rooms": selectors.rooms_of(found), "above": selectors.lines_of(found), "today": timezone.localdate()}
    if any(access.holds(request.user, act) for act in WORKERS):
        context["rentals"] = rentals_in(found, request.user)
    return render(request, "grid/building.html", context)


@holding(*ACTS)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Take a table, to be imported by a worker; show the latest ones."""
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file, source = form.cleaned_data["file"], form.cleaned_data["source"]
        try:
            asked = ask_import(file.name, file, source=source, by=Actor.staff(request.user), now=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            wake_up_imports()
            return redirect("grid:place_import", pk=asked.pk)
    context = {
        "title": _("Import places"),
        "parents": [(_("Places"), reverse("grid:places"))],
        "form": form,
        "rows": selectors.list_imports(request.user, list(COLUMNS)),
        "tables": [(table, PlaceTable(table).label, columns) for table, columns in COLUMNS.items()],
    }
    return render(request, "grid/place_imports.html", context, status=422 if form.errors else 200)


@holding(*ACTS)
@never_cache
@require_GET
def place_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far an import is, and what became of it; with htmx only that part."""
    found = selectors.get_import(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    waits, is_outlines = found.state == ImportState.ASKED, found.table == PlaceTable.OUTLINES
    context = {
        "title": found.name,
        "parents": _ways_to_outlines() if is_outlines else _ways_to_tables(),
        "row": found,
        "is_outlines": is_outlines,
        "faults": [
            (one["row"], label_of(found.table, one["column"]), fault_text(one["code"], one["facts"]))
            for one in found.faults
        ],
        "waits": waits,
        "job": selectors.progress_of(job_name(found.pk)) if waits else None,
    }
    part = getattr(request, "htmx", False)
    return render(request, "grid/_place_import.html" if part else "grid/place_import.html", context)


def _ways_to_tables() -> list[tuple[str, str]]:
    return [(_("Places"), reverse("grid:places")), (_("Import places"), reverse("grid:place_imports"))]


def _ways_to_outlines() -> list[tuple[str, str]]:
    return [(_("Grid cells"), reverse("grid:cells")), (_("Import outlines"), reverse("grid:outlines"))]


@holding(*ACTS)
@require_GET
def place_template(request: HttpRequest, table: str) -> HttpResponse:
    """Hand out an empty table with one row as an example."""
    if table not in COLUMNS:
        raise OutOfSight(_("Not found."))
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([str(column.label) for column in COLUMNS[table]])
    rows.writerow([column.example for column in COLUMNS[table]])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{table}-template.csv"'
    return response

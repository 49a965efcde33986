"""Cells and sub-cells: the tree of one's territory, posts, outlines; and the map of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grid.access import can_see, holding
from grid.choices import Act, Level, PlaceTable
from grid.forms.places import CellForm, OutlineForm, PostEndForm, PostForm
from grid.models import Area
from grid.selectors import area_at
from grid.selectors import cells as selectors
from grid.selectors import places as place_selectors
from grid.services import create_cells
from grid.services.place_imports import ask_outlines
from grid.services.posts import add_post, end_post
from grid.wake import wake_up_imports
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight, Refused

for_walkers = holding(Act.MANAGE_GRID, Act.MANAGE_SYSTEM, Act.GRID_ROUND, Act.VIEW_CASE)
for_planners = holding(Act.MANAGE_GRID, Act.MANAGE_SYSTEM)
HOLDERS = {Level.COMMUNITY, Level.CELL}  # what cells and sub-cells lie in


def _area(request: HttpRequest, code: str) -> Area:
    found = selectors.get_area(request.user, code)
    if found is None:
        raise OutOfSight(_("Not found."))
    return found


def _parents(request: HttpRequest, area: Area | None = None) -> list[tuple[str, str]]:
    lines = selectors.lines_above(request.user, area) if area else []
    above = [(one.short_name, reverse("grid:cells_of", args=[one.code])) for one in lines]
    return [(_("Grid cells"), reverse("grid:cells")), *above]


@for_planners
@require_GET
def cells(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show what lies in an area: down to the communities a list, in a community the cells with their posts."""
    homes = [] if code else selectors.homes_of(request.user)
    if not code and len(homes) != 1:
        return render(request, "grid/cells.html", {"title": _("Grid cells"), "areas": homes})
    area = _area(request, code or homes[0].code)
    if area.level > Level.COMMUNITY and area.parent is not None:
        return redirect("grid:cells_of", code=area.parent.code)
    context = {
        "title": area.short_name if code else _("Grid cells"),
        "parents": _parents(request, area) if code else [],
        "area": area,
        "keeps": selectors.keeps(request.user, area),
    }
    if area.level == Level.COMMUNITY:
        context["cells"] = selectors.cells_in(request.user, area, timezone.localdate())
    else:
        context["areas"] = selectors.areas_in(request.user, area)
    return render(request, "grid/cells.html", context)


def _step(request: HttpRequest, form, area: Area, title: str, button: str, carry_out) -> HttpResponse:
    """Show a form about an area, or carry it out and go back to the area's community."""
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(by=Actor.staff(request.user), now=timezone.now())
        except OutOfSight:
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("grid:cells_of", code=_community_code(area))
    context = {"title": title, "parents": _parents(request, area), "form": form, "button": button, "area": area}
    context["back"] = reverse("grid:cells_of", args=[_community_code(area)])
    return render(request, "grid/cell_form.html", context, status=422 if form.errors else 200)


def _community_code(area: Area) -> str:
    return area.code[:12] if area.level > Level.COMMUNITY else area.code


@for_planners
@require_http_methods(["GET", "POST"])
def cell_new(request: HttpRequest, code: str) -> HttpResponse:
    """Set up a cell in a community, or a sub-cell in a cell."""
    parent = _area(request, code)
    if parent.level not in HOLDERS:
        raise OutOfSight(_("Not found."))
    form = CellForm(request.POST or None, initial={"code": selectors.next_code(parent)})
    title = _("New cell") if parent.level == Level.COMMUNITY else _("New sub-cell")

    def carry_out(**given):
        create_cells([form.new_cell(parent)], source="", **given)

    return _step(request, form, parent, title, _("Set up"), carry_out)


@for_planners
@require_http_methods(["GET", "POST"])
def post_new(request: HttpRequest, code: str) -> HttpResponse:
    """Fill a post in a cell or sub-cell."""
    area = _area(request, code)
    form = PostForm(request.POST or None, user=request.user, area=area)
    return _step(
        request, form, area, _("New post"), _("Fill the post"), lambda **given: add_post(form.new_post(area), **given)
    )


@for_planners
@require_http_methods(["GET", "POST"])
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post."""
    post = selectors.get_post(request.user, pk)
    if post is None:
        raise OutOfSight(_("Not found."))
    form = PostEndForm(request.POST or None)
    title = _("End “%(post)s”") % {"post": post.title}
    return _step(
        request, form, post.area, title, _("End it"),
        lambda **given: end_post(pk, form.cleaned_data["ends_on"], **given),
    )  # fmt: skip


@for_planners
@require_http_methods(["GET", "POST"])
def outlines(request: HttpRequest) -> HttpResponse:
    """Take a GeoJSON file of outlines, to be imported by a worker; show the latest ones."""
    form = OutlineForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file, source = form.cleaned_data["file"], form.cleaned_data["source"]
        try:
            asked = ask_outlines(file.name, file, source=source, by=Actor.staff(request.user), now=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            wake_up_imports()
            return redirect("grid:place_import", pk=asked.pk)
    context = {"title": _("Import outlines"), "parents": _parents(request), "form": form}
    context["rows"] = place_selectors.list_imports(request.user, [PlaceTable.OUTLINES])
    return render(request, "grid/outlines.html", context, status=422 if form.errors else 200)


@for_walkers
@require_GET
def outlines_file(request: HttpRequest) -> HttpResponse:
    """Send the outlines in sight, of one area or all, as GeoJSON; `download=1` as a file."""
    code = request.GET.get("area", "")[:20]
    area = _area(request, code) if code else None
    response = JsonResponse(
        selectors.as_geojson(selectors.outlines_in(request.user, area)), json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Cache-Control"] = "private, no-cache"
    if request.GET.get("download") == "1":
        response.headers["Content-Disposition"] = 'attachment; filename="outlines.geojson"'
    return response


@for_walkers
@never_cache
@require_GET
def grid_map(request: HttpRequest) -> HttpResponse:
    """Show the outlines of one's territory on a map without outside tiles; `building` marks one."""
    code = request.GET.get("building", "")[:19]
    marked = place_selectors.get_building(request.user, code) if code else None
    context = {"title": _("Map of the grid"), "marked": marked, "may_plan": _plans(request)}
    return render(request, "grid/map.html", context)


def _plans(request: HttpRequest) -> bool:
    homes = selectors.homes_of(request.user)
    return any(selectors.keeps(request.user, home) for home in homes)


@for_walkers
@never_cache
@require_GET
def map_point(request: HttpRequest) -> JsonResponse:
    """Answer which area in sight a point lies in."""
    try:
        longitude, latitude = (float(request.GET.get(name, "")) for name in ("longitude", "latitude"))
    except ValueError:
        return JsonResponse({"area": None}, status=400)
    area = area_at(longitude, latitude)
    if area is None or not can_see(request.user, area):
        return JsonResponse({"area": None})
    return JsonResponse({"area": {"code": area.code, "name": area.name}})

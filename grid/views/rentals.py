"""Rentals: the list in tabs, one with its history and the visit form, its people, registering, schemes, the plan."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from grid import access
from grid.choices import Act
from grid.forms.rentals import RegradeForm, RentalForm, VisitForm
from grid.models import Rental
from grid.selectors import rentals as selectors
from grid.services import rentals as services
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.files import send_file
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import Sort, page_of

ROWS = 30
TABS = (
    (selectors.TODAY, gettext_lazy("Today")),
    (selectors.OVERDUE, gettext_lazy("Overdue")),
    (selectors.ALL, gettext_lazy("All")),
)
SORTS = {
    selectors.TODAY: Sort("due", gettext_lazy("Due first"), ("due_on", "id")),
    selectors.OVERDUE: Sort("due", gettext_lazy("Due first"), ("due_on", "id")),
    selectors.ALL: Sort("newest", gettext_lazy("Newest first"), ("-id",)),
}
for_workers = access.holding(*selectors.WORKERS)


@for_workers
@require_GET
def rentals(request: HttpRequest) -> HttpResponse:
    """Show the rentals of a tab, a page at a time."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in SORTS else selectors.TODAY
    text, today = request.GET.get("q", "")[:60], timezone.localdate()
    found = selectors.list_rentals(request.user, selectors.ALL if text else tab, text, today=today)
    sort = SORTS[selectors.ALL if text else tab]
    page = page_of(found, sort, ROWS, request.GET.get("cursor") or None)
    counts = selectors.count_rentals(request.user, today=today)
    context = {
        "title": _("Rentals"),
        "tabs": [(code, label, counts.get(code)) for code, label in TABS],
        "tab": tab,
        "text": text,
        "page": page,
        "today": today,
        "plans": selectors.list_plans(request.user),
        "plates_url": address_or_none("intake:plates") if access.holds(request.user, Act.ORDER_DEPARTMENT) else None,
        "overdue": counts[selectors.OVERDUE],
    }
    return render(request, "grid/rentals/list.html", context)


@for_workers
@require_http_methods(["GET", "POST"])
def rental(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a rental with its history; record a visit."""
    found = rental_in_sight(request, pk)
    page = selectors.get_rental_page(found, request.user, timezone.now())
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = VisitForm(**given, criteria=page.criteria, initial={"row_version": found.row_version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["row_version"]
        visit = attempt(form, request, services.record_visit, pk, form.new_visit(), row_version=version)
        if visit is not None:
            text = _("The visit is recorded: %(level)s, %(points)s points.")
            messages.success(request, text % {"level": visit.level, "points": visit.points})
            return redirect("grid:rental", pk=pk)
    return _show(request, page, form, RegradeForm())


@for_workers
@require_POST
def rental_regrade(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a grade worse by a decision."""
    found = rental_in_sight(request, pk)
    form = RegradeForm(request.POST)
    if form.is_valid() and attempt(form, request, services.regrade, pk, **form.cleaned_data) is not None:
        messages.success(request, _("The grade is recorded."))
        return redirect("grid:rental", pk=pk)
    page = selectors.get_rental_page(found, request.user, timezone.now())
    visit = VisitForm(criteria=page.criteria, initial={"row_version": found.row_version})
    return _show(request, page, visit, form)


@for_workers
@require_POST
def rental_let(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is let no longer, or again."""
    is_let = request.POST.get("let") == "1"
    services.set_rental_let(pk, is_let, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("Let again.") if is_let else _("Let no longer; owner and tenants are removed."))
    return redirect("grid:rental", pk=pk)


@for_workers
@require_http_methods(["GET", "POST"])
def rental_new(request: HttpRequest) -> HttpResponse:
    """Register what is let."""
    form = RentalForm(request.POST or None, initial={"house_code": request.GET.get("code", "")[:25]})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, request, services.register_rental, form.new_rental())
        if made is not None:
            messages.success(request, _("The rental is registered."))
            return redirect("grid:rental", pk=made.pk)
    context = {"title": _("Register a rental"), "parents": [(_("Rentals"), reverse("grid:rentals"))], "form": form}
    return render(request, "grid/rentals/new.html", context, status=422 if form.errors else 200)


@for_workers
@require_GET
def rental_schemes(request: HttpRequest) -> HttpResponse:
    """Show how the districts around grade."""
    schemes = [(scheme, selectors.criteria_of(scheme)) for scheme in selectors.list_schemes(request.user)]
    context = {"title": _("Grading schemes"), "parents": [(_("Rentals"), reverse("grid:rentals"))], "schemes": schemes}
    return render(request, "grid/rentals/schemes.html", context)


@for_workers
@require_POST
def rental_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a community's visits planned anew."""
    services.ask_plan(pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The plan is made anew within a minute."))
    return redirect("grid:rentals")


@login_required
@never_cache
@require_safe
def visit_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a photo of a visit in sight to who works there."""
    photo = selectors.get_visit_photo(request.user, pk)
    if photo is None:
        raise OutOfSight(_("Not found."))
    access.require(Actor.staff(request.user), tuple(act.value for act in selectors.WORKERS), photo)
    return send_file(request, photo.file, name=photo.name, content_type=photo.content_type, tag=photo.sha256)


def rental_in_sight(request: HttpRequest, pk: int) -> Rental:
    """Return the rental in sight; any other is not found, one without a role for its place is refused."""
    found = selectors.get_rental(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    access.require(Actor.staff(request.user), tuple(act.value for act in selectors.WORKERS), found)
    return found


def _show(request: HttpRequest, page: selectors.RentalPage, form: VisitForm, regrading: RegradeForm) -> HttpResponse:
    context = {
        "title": page.rental.name,
        "parents": [(_("Rentals"), reverse("grid:rentals"))],
        "page": page,
        "rental": page.rental,
        "form": form,
        "regrading": regrading,
        "case_url": address_or_none("intake:rental_case", page.rental.pk),
        "today": timezone.localdate(),
    }
    return render(request, "grid/rentals/rental.html", context, status=422 if form.errors or regrading.errors else 200)

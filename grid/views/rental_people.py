"""Owner and tenants of a rental: a purpose first, then a look for a while; who comes, who leaves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from grid.forms.rentals import LookForm, PersonForm
from grid.services import rentals as services
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.form_steps import attempt

from .rentals import for_workers, rental_in_sight


@for_workers
@never_cache
@require_http_methods(["GET", "POST"])
def rental_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what for, then show owner and tenants for a while; the look is recorded."""
    found, shown = rental_in_sight(request, pk), None
    form = LookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by, now = Actor.staff(request.user), timezone.now()
        if attempt(form, request, services.ask_look, pk, **form.cleaned_data) is not None:
            shown = services.view_people(pk, by=by, now=now)
    context = {
        "title": _("Owner and tenants"),
        "parents": [(_("Rentals"), reverse("grid:rentals")), (found.name, reverse("grid:rental", args=[pk]))],
        "rental": found,
        "form": form,
        "shown": shown,
        "seconds": int((shown.until - timezone.now()).total_seconds()) if shown else 0,
    }
    return render(request, "grid/rentals/people.html", context, status=422 if form.errors else 200)


@for_workers
@never_cache
@require_http_methods(["GET", "POST"])
def rental_person_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an owner or a tenant."""
    found = rental_in_sight(request, pk)
    form = PersonForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and attempt(form, request, services.add_person, pk, form.new_person()) is not None:
        messages.success(request, _("Added."))
        return redirect("grid:rental", pk=pk)
    context = {
        "title": _("Add an owner or tenant"),
        "parents": [(_("Rentals"), reverse("grid:rentals")), (found.name, reverse("grid:rental", args=[pk]))],
        "rental": found,
        "form": form,
    }
    return render(request, "grid/rentals/person_new.html", context, status=422 if form.errors else 200)


@for_workers
@require_POST
def rental_person_remove(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Remove somebody who left."""
    services.remove_person(pk, person, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("Removed; nothing of the person is kept."))
    return redirect("grid:rental", pk=pk)

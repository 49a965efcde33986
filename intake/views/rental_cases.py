"""Counting a verified case for the grade of a rental."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grid import access
from grid.access import holding
from grid.choices import Act
from grid.selectors import get_rental
from intake.forms.rental_cases import RentalCaseForm
from intake.services.rental_cases import count_case_for_rental
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.form_steps import attempt


@holding(Act.MANAGE_GRID)
@require_http_methods(["GET", "POST"])
def rental_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the number of the case, points and the reason; count it once."""
    rental = get_rental(request.user, pk)
    if rental is None:
        raise OutOfSight(_("Not found."))
    access.require(Actor.staff(request.user), Act.MANAGE_GRID, rental)
    form = RentalCaseForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and attempt(form, request, count_case_for_rental, pk, **form.cleaned_data) is not None:
        messages.success(request, _("The case counts for the grade."))
        return redirect("grid:rental", pk=pk)
    parents = [(_("Rentals"), reverse("grid:rentals")), (rental.name, reverse("grid:rental", args=[pk]))]
    context = {"title": _("Count a verified case"), "parents": parents, "rental": rental, "form": form}
    return render(request, "intake/rental_case.html", context, status=422 if form.errors else 200)

"""A correction of a frozen month: a form of its own, for who keeps the ledger of the whole city."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from analytics.forms.ledger import CorrectionForm
from analytics.selectors.ledger.exclusions import bases_of, columns_of
from analytics.selectors.ledger.frozen import get_month
from analytics.services import ledger
from analytics.services.ledger.months import require_keeper
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.form_steps import attempt

from .door import area_in_sight, for_readers, month_in, unit_in_sight


@for_readers
@require_http_methods(["GET", "HEAD", "POST"])
def correct_unit(request, month: str, pk: int):
    """Correct what was published of a unit."""
    unit = unit_in_sight(request.user, pk)
    return _page(request, month, unit, {"unit_id": unit.pk}, "ledger_unit", unit.pk)


@for_readers
@require_http_methods(["GET", "HEAD", "POST"])
def correct_area(request, month: str, code: str):
    """Correct what was published of an area."""
    area = area_in_sight(request.user, code)
    return _page(request, month, area, {"area_id": area.pk}, "ledger_area", area.code)


def _page(request, month: str, place, given: dict, sheet: str, key):
    require_keeper(Actor.staff(request.user))
    row = get_month(month_in(month))
    choices = [(code, column.label) for code, column in columns_of(bases_of(row)).items()]
    address = reverse(f"analytics:{sheet}", args=[str(row), key])
    form = CorrectionForm(request.POST or None, indicators=choices)
    if request.method == "POST" and form.is_valid():
        made = ledger.NewCorrection(**form.cleaned_data, **given)
        if attempt(form, request, ledger.correct, row.month, made):
            messages.success(request, _("The correction stands beside what was published."))
            return redirect(address)
    context = {
        "title": _("Correct: %(place)s") % {"place": place.name},
        "parents": [(place.name, address)],
        "month": row,
        "place": place,
        "form": form,
        "back": address,
    }
    return render(request, "analytics/ledger/correct.html", context, status=400 if form.errors else 200)

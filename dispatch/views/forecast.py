"""What the agent's desk asks while a request is written: where it would go and until when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dispatch import forms, selectors
from grid.access import holding
from grid.choices import Act


@holding(Act.REGISTER_CASE)
@never_cache
@require_GET
def forecast(request: HttpRequest) -> HttpResponse:
    """Answer a part of the desk. Only codes are sent, no text of the citizen, so the address may hold them."""
    form = forms.ForecastForm(request.GET)
    form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if value}
    found = selectors.forecast(selectors.Asked(**given), timezone.now())
    return render(request, "dispatch/_forecast.html", {"forecast": found})

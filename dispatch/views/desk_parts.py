"""Parts of the dispatch desk that are asked for while somebody works at it: candidates, units, like cases."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dispatch import selectors
from grid.access import holding
from grid.choices import Act
from shenzhen_gov.core.actor import Actor


@holding(Act.DISPATCH_CASE)
@require_GET
def candidates(request, pk: int):
    """Answer the search for a duty item: the items that fit the words, each with its responsible unit."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    text = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    rows = selectors.get_candidates(found, Actor.staff(request.user), timezone.localdate(), text)
    returned_by = {row.unit_id for row in selectors.get_arguments(found)}
    context = {"candidates": rows, "case": found, "text": text, "returned_by": returned_by}
    return render(request, "dispatch/_candidates.html", context)


@holding(Act.DISPATCH_CASE)
@require_GET
def units(request):
    """Answer the search for a unit by any name it ever had."""
    name = request.GET.get("unit_name", "").strip()[:120].replace("\x00", "")
    rows = selectors.find_units(request.user, name, timezone.localdate()) if name else []
    return render(request, "dispatch/_unit_choices.html", {"units": rows, "name": name})


@holding(Act.DISPATCH_CASE)
@require_GET
def alike(request, pk: int):
    """Answer which waiting cases are like this one and may be sent along."""
    found, now = get_object_or_404(selectors.get_waiting(request.user), pk=pk), timezone.now()
    rows = selectors.get_alike(request.user, found, now)
    return render(request, "dispatch/_alike.html", {"alike": rows, "case": found, "now": now})

"""What narrows the lists of dispatch."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dispatch.forms import QueueFilterForm


def narrow(rows: QuerySet, form: QueueFilterForm) -> QuerySet:
    """Narrow work orders by what the filter form says; what it does not accept does not narrow."""
    form.is_valid()
    given = form.cleaned_data
    if unit := given.get("unit"):
        rows = rows.filter(unit=unit)
    if channel := given.get("channel"):
        rows = rows.filter(case__channel=channel)
    if item := given.get("item"):
        rows = rows.filter(case__item_version__path_text__icontains=item)
    if words := given.get("q"):
        rows = rows.filter(
            Q(case__number__endswith=words.upper())
            | Q(case__title__icontains=words)
            | Q(case__address__icontains=words)
        )
    return rows

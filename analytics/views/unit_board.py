"""态势 of a unit: the situation board for who leads or supervises a unit and has no area."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics import wording
from analytics.forms.board import TimeForm
from analytics.selectors import hot
from analytics.selectors.crosstab import Table
from analytics.selectors.figures import Value
from analytics.selectors.table_choices import UNIT
from analytics.selectors.unit_figures import (
    COLUMNS,
    UnitBoard,
    UnitLine,
    get_unit,
    get_unit_board,
    units_around,
)

from . import figure_links as links
from .board import named_periods
from .board_shown import stages_of, tile_of, time_context, trend_of


@login_required
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the board of one unit and the units below it."""
    unit, now = get_unit(request.user, pk), timezone.now()
    form = TimeForm(request.GET, today=timezone.localdate(now))
    found = get_unit_board(unit, form.read_span(), request.user)
    context = time_context(found.span) | {
        "title": _("Situation: %(area)s") % {"area": unit.name},
        "parents": [(one.name, _address(one.pk)) for one in units_around(request.user, unit)],
        "unit": unit,
        "place": unit,
        "state": found.state,
        "form": form,
        "asked": _asked(request),
        "periods": named_periods(request, form),
        "tiles": [tile_of(found, card) for card in found.cards],
        "stages": stages_of(found),
        "trend": _trend(found.trend),
        "columns": [found.versions[code].indicator for code in COLUMNS if code in found.versions],
        "lines": [_line(found, line, _asked(request)) for line in found.lines],
        "table_address": f"{reverse('analytics:tables')}?{urlencode({'area': f'{UNIT}{unit.pk}'})}",
        "overdue": hot.list_overdue_of(request.user, unit, now),
        "now": now,
    }
    return render(request, "analytics/unit_board.html", context, status=200 if form.is_valid() else 400)


def _address(pk: int, asked: dict[str, str] | None = None) -> str:
    query = f"?{urlencode(asked)}" if asked else ""
    return reverse("analytics:unit_board", args=[pk]) + query


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return the time of the address, to be kept in links of the page."""
    return {name: value for name in ("period", "month", "first", "last") if (value := request.GET.get(name))}


def _line(found: UnitBoard, line: UnitLine, asked: dict[str, str]) -> dict:
    """Return one row: who, where it leads, and each figure with the cases that it was counted from."""
    cells = []
    for code in (code for code in COLUMNS if code in line.values):
        value = line.values[code]
        cells.append({"words": wording.told(value), "is_good": value.is_good, "address": _behind(found, line, value),
                      "label": str(value.version.indicator)})  # fmt: skip
    return {
        "name": line.scope.unit.name,
        "is_alone": line.is_alone,
        "address": "" if line.is_alone else _address(line.scope.unit.pk, asked),
        "cells": cells,
    }


def _behind(found: UnitBoard, line: UnitLine, value: Value) -> str:
    """Return where the cases of a figure are: those it was divided by."""
    part = next(iter(value.version.denominator or value.version.numerator), "")
    if not part or value.value is None:
        return ""
    return links.behind(line.scope, part, found.span.over, ranked=value.version.is_ranked_only)


def _trend(found: Table) -> dict:
    series = [(one, [line.values.get(one.indicator.code) for line in found.lines]) for one in found.versions]
    return trend_of([line.name for line in found.lines], series)

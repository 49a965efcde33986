"""The sheet of a unit or an area: its rates in a month, and case by case what counted."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics.choices import LedgerSide
from analytics.models import AssessmentMonth
from analytics.selectors.ledger.cases import Line, Where, list_cases, where_unit
from analytics.selectors.ledger.corrections import corrections_of
from analytics.selectors.ledger.exclusions import bases_of, columns_of
from analytics.selectors.ledger.frozen import get_month
from analytics.selectors.ledger.places import keeps_everywhere
from analytics.selectors.ledger.sheets import rates_of
from analytics.selectors.ledger.tables import Column, Place, Result
from grid.access import why_not
from grid.choices import Act
from grid.models import Unit
from shenzhen_gov.core.actor import Actor

from .door import area_in_sight, for_readers, month_in, unit_in_sight

PAGE = 50


@for_readers
@require_GET
def unit(request, month: str, pk: int):
    """Show the sheet of a unit; whoever handles its cases may ask for exclusions here."""
    row, found = get_month(month_in(month)), unit_in_sight(request.user, pk)
    asks = why_not(Actor.staff(request.user), (Act.HANDLE_CASE.value,), found) is None
    return _page(request, row, where_unit(row, found), found if asks else None)


@for_readers
@require_GET
def area(request, month: str, code: str):
    """Show the sheet of an area."""
    row, found = get_month(month_in(month)), area_in_sight(request.user, code)
    return _page(request, row, Where(row, Place(found.pk, found.code, found.name, found.path)), None)


def _page(request, row: AssessmentMonth, where: Where, asks: Unit | None):
    known = columns_of(bases_of(row))
    rates = rates_of(where, list(known.values()))
    columns = {code: one for code, one in known.items() if code in rates.results}
    column = columns.get(request.GET.get("indicator", "")) or _first(columns, rates.results)
    side = _side(request.GET.get("side", ""))
    lines = _cases(where, column, side, request, list(columns.values())) if column else []
    context = {
        "title": f"{where.place.name} · {row}",
        "parents": [(_("Assessment ledger"), reverse("analytics:ledger"))],
        "month": row, "where": where, "column": column, "side": side, "sides": LedgerSide,
        "rows": [(one, rates.results[code]) for code, one in columns.items()],
        "standings": rates.standings,
        "lines": lines[:PAGE],
        "more": lines[PAGE - 1].case_id if len(lines) > PAGE else None,
        "asks": asks,
        "corrections": corrections_of(row, where.place, is_area=where.is_area) if row.is_frozen else [],
        "labels": known,
        "correct": _correct(request.user, where),
    }  # fmt: skip
    return render(request, "analytics/ledger/sheet.html", context)


def _correct(user, where: Where) -> str:
    """Return where a correction is made, for who may make one."""
    if not (where.month.is_frozen and keeps_everywhere(user)):
        return ""
    name, key = ("area", where.place.code) if where.is_area else ("unit", where.place.id)
    return reverse(f"analytics:ledger_correct_{name}", args=[str(where.month), key])


def _cases(where: Where, column: Column, side: LedgerSide, request, columns: list[Column]) -> list[Line]:
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else None
    return list_cases(where, column, side, request.user, columns, before=before, limit=PAGE + 1)


def _first(columns: dict[str, Column], results) -> Column | None:
    """Return the indicator that is worth a look: the first one that lost anything, else the first one."""
    lost = (one for code, one in columns.items() if _loses(one, results[code]))
    return next(lost, None) or next(iter(columns.values()), None)


def _loses(column: Column, result: Result) -> bool:
    return bool(result.numerator) if column.is_lower_better else result.numerator < result.denominator


def _side(given: str) -> LedgerSide:
    return LedgerSide(given) if given in LedgerSide.values else LedgerSide.AGAINST

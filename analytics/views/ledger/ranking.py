"""A ranking of the ledger: who stands where, each rate with what it was divided by; as a page and as Excel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from analytics.models import AssessmentMonth, Correction
from analytics.selectors.ledger.corrections import corrections_for
from analytics.selectors.ledger.exclusions import bases_of
from analytics.selectors.ledger.frozen import get_month, looks_untouched, read_ranking
from analytics.selectors.ledger.live import count_ranking
from analytics.selectors.ledger.places import keeps_everywhere, lines_for
from analytics.selectors.ledger.tables import Basis, Column, Ranking, Result, Score, rate
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.lists.export import download, write_workbook

from .door import for_readers, month_in, opens

PAGE = 100


@dataclass(frozen=True)
class Corrected:
    """A correction below a line, and what the rate is with it."""

    correction: Correction
    column: Column
    value: Decimal | None


@dataclass(frozen=True)
class Row:
    """A line of the table: its cells, where it leads, what was corrected of it."""

    score: Score
    cells: list[tuple[Column, Result]]
    address: str
    corrected: list[Corrected]


@for_readers
@require_GET
def ranking(request, month: str, scheme: str):
    """Show one ranking of a month: counted now, or as it was frozen."""
    row = get_month(month_in(month))
    found = find_ranking(row, scheme)
    scores = lines_for(request.user, found.basis, found.scores)
    if not scores:
        raise OutOfSight(_("Not found."))
    corrections = corrections_for(row, found.basis, scores) if row.is_frozen else {}
    if request.GET.get("export") == "xlsx":
        return _export(request.user, row, found.basis, scores, corrections)
    words = request.GET.get("q", "").strip()[:40]
    chosen = [score for score in scores if words in score.place.name] if words else scores
    start = _start(request.GET.get("from", ""), len(chosen))
    context = {
        "title": f"{found.basis.label} · {row}",
        "parents": [(_("Assessment ledger"), reverse("analytics:ledger"))],
        "month": row,
        "basis": found.basis,
        "rows": [_row(request.user, row, found, score, corrections) for score in chosen[start : start + PAGE]],
        "count": len(chosen),
        "q": words,
        "next": start + PAGE if start + PAGE < len(chosen) else None,
        "previous": max(start - PAGE, 0) if start else None,
        "is_untouched": row.is_frozen and looks_untouched(row),
        "keeps": keeps_everywhere(request.user),
    }
    return render(request, "analytics/ledger/ranking.html", context)


def find_ranking(row: AssessmentMonth, code: str) -> Ranking:
    """Return the ranking of a scheme, as it was frozen or counted now. Raises OutOfSight for an unknown scheme."""
    basis = next((basis for basis in bases_of(row) if basis.code == code), None)
    if basis is None:
        raise OutOfSight(_("Not found."))
    return read_ranking(row, basis) if row.is_frozen else count_ranking(basis, row.month)


def _row(user, row: AssessmentMonth, found: Ranking, score: Score, corrections) -> Row:
    basis = found.basis
    address = ""
    if opens(user, basis, score.place):
        name, key = ("ledger_area", score.place.code) if basis.ranks_areas else ("ledger_unit", score.place.id)
        address = reverse(f"analytics:{name}", args=[str(row), key])
    cells = [(column, score.results[column.code]) for column in basis.columns]
    return Row(score, cells, address, _corrected(basis, score, corrections.get(score.place.id, [])))


def _corrected(basis: Basis, score: Score, corrections: list[Correction]) -> list[Corrected]:
    """Return the corrections of a line in their order, each with the rate after it and those before."""
    columns = {column.code: column for column in basis.columns}
    sums = {code: [result.numerator, result.denominator] for code, result in score.results.items()}
    found = []
    for one in corrections:
        sums[one.indicator][0] += one.numerator
        sums[one.indicator][1] += one.denominator
        found.append(Corrected(one, columns[one.indicator], rate(*sums[one.indicator])))
    return found


def _start(given: str, count: int) -> int:
    return min(int(given), count) // PAGE * PAGE if given.isascii() and given.isdecimal() and len(given) < 7 else 0


def _export(user, row: AssessmentMonth, basis: Basis, scores: list[Score], corrections):
    book = BytesIO()
    write_workbook(book, lines_of(user, row, basis, scores, corrections))
    return download(book.getvalue(), f"ledger-{row}-{basis.code}")


def lines_of(user, row: AssessmentMonth, basis: Basis, scores: list[Score], corrections) -> Iterator[list]:
    """Yield the lines of the file: the table, then what was corrected, then the digest; no moment of today."""
    yield _heads(basis)
    for score in scores:
        cells = [score.results[column.code] for column in basis.columns]
        told = [value for cell in cells for value in (_number(cell.value), cell.numerator, cell.denominator, cell.rank)]
        yield [score.rank, score.place.name, score.place.code, score.cases, _number(score.total), *told]
    for score in scores:
        is_open = opens(user, basis, score.place)  # peers read that and why, not which case
        for one in _corrected(basis, score, corrections.get(score.place.id, [])):
            made = one.correction
            words = f"{made.numerator:+d} / {made.denominator:+d}"
            number = made.case_number if is_open else ""
            facts = [words, _number(one.value), made.reason, made.made_by, made.made_at]
            yield [_("Correction"), score.place.name, number, one.column.label, *facts]
    if row.is_frozen:
        yield [_("Digest"), row.digest]


def _heads(basis: Basis) -> list[str]:
    heads = [_("Rank"), pgettext("assessment", "Place"), _("Code"), pgettext("assessment", "Cases")]
    heads.append(pgettext("score", "Total"))
    for column in basis.columns:
        more = (_("Numerator"), _("Denominator"), _("Rank"))
        heads += [column.label, *(f"{column.label} {words}" for words in more)]
    return heads


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)

"""A ranking as it was frozen: read from the frozen rows alone, so it is the same for ever; and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date

from django.core.cache import cache
from django.db import connection
from django.db.models import F, Prefetch

from analytics.models import AssessmentMonth, FrozenResult, FrozenScore

from .tables import Basis, Place, Ranking, Result, Score, read_basis

POSTINGS = """
SELECT case_id, concat_ws('|', case_id, number, coalesce(area_id, 0), is_excluded, keys, units, amounts, left_out)
  FROM analytics_frozenposting WHERE month_id = %s AND case_id > %s ORDER BY case_id LIMIT %s
"""
ROWS = 20_000
SECONDS_KEPT = 600


def get_month(month: date) -> AssessmentMonth:
    """Return the row of a month; an unsaved one while nobody took a step."""
    return AssessmentMonth.objects.filter(month=month).first() or AssessmentMonth(month=month)


def frozen_bases(frozen: AssessmentMonth) -> list[Basis]:
    """Return the schemes as they were."""
    return [read_basis(kept) for kept in frozen.basis]


def read_ranking(frozen: AssessmentMonth, basis: Basis) -> Ranking:
    """Return a ranking as it was published."""
    rows = FrozenScore.objects.filter(month=frozen, scheme=basis.code).order_by("line")
    return Ranking(frozen.month, basis, [_score(row) for row in _with_results(rows)], frozen.digest)


def read_scores(frozen: AssessmentMonth, *, area_id: int | None = None, unit_id: int | None = None) -> dict[str, Score]:
    """Return scheme → what was published of one place."""
    rows = FrozenScore.objects.filter(month=frozen, area=area_id, unit=unit_id)
    return {row.scheme: _score(row) for row in _with_results(rows)}


def digest_of(frozen: AssessmentMonth, postings_digest: str) -> str:
    """Return the hash over all that was published: basis, scores, results, and the postings by their own hash."""
    content = {
        "month": f"{frozen.month:%Y-%m}", "basis": frozen.basis, "postings": [frozen.posting_count, postings_digest],
        "scores": list(_published(frozen)),
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def hash_postings(frozen: AssessmentMonth) -> tuple[int, str]:
    """Return how many frozen postings there are, and the hash over them; read in portions, whatever their number."""
    found, count, last = hashlib.sha256(), 0, 0
    while rows := _postings_after(frozen, last):
        count, last = count + len(rows), rows[-1][0]
        found.update("".join(f"{text}\n" for _case, text in rows).encode())
    return count, found.hexdigest()


def _postings_after(frozen: AssessmentMonth, case_id: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(POSTINGS, [frozen.pk, case_id, ROWS])
        return cursor.fetchall()


def looks_untouched(frozen: AssessmentMonth) -> bool:
    """Return the answer of `is_untouched`, up to ten minutes old: every page of a frozen month asks."""
    key = f"analytics.ledger.{frozen.pk}.{frozen.digest}"
    return bool(cache.get_or_set(key, lambda: is_untouched(frozen), SECONDS_KEPT))


def is_untouched(frozen: AssessmentMonth) -> bool:
    """Whether basis and results still are what the digest was made of; of the postings only their own hash is taken."""
    return digest_of(frozen, frozen.postings_digest) == frozen.digest


def is_whole(frozen: AssessmentMonth) -> bool:
    """Whether every frozen posting, too, is what it was: reads all of them."""
    return is_untouched(frozen) and hash_postings(frozen) == (frozen.posting_count, frozen.postings_digest)


def _published(frozen: AssessmentMonth) -> Iterator[list]:
    rows = FrozenScore.objects.filter(month=frozen).order_by("scheme", "line")
    for row in _with_results(rows):
        results = [
            [one.indicator, one.version, one.numerator, one.denominator, one.value, one.rank] for one in row.found
        ]
        place = [row.area_id, row.unit_id, row.place_code, row.place_name]
        yield [row.scheme, row.line, *place, row.cases, row.total, row.rank, results]


def _with_results(rows):
    results = Prefetch("results", FrozenResult.objects.order_by("indicator"), to_attr="found")
    paths = {"area_path": F("area__path"), "unit_path": F("unit__path")}
    return rows.annotate(**paths).prefetch_related(results)


def _score(row) -> Score:
    place = Place(row.area_id or row.unit_id, row.place_code, row.place_name, row.area_path or row.unit_path)
    results = {one.indicator: Result(one.numerator, one.denominator, one.value, one.rank) for one in row.found}
    return Score(place, row.cases, row.total, row.rank, results)

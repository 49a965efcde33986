"""The cases behind a rate of a place in a month: those that count for it, against it, or were left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from analytics.choices import Dimension, LedgerSide
from analytics.models import AssessmentMonth, CasePosting, ExclusionRequest, FrozenPosting
from analytics.parts import BY_CODE, key_of, read_key
from analytics.selectors.figures import Period, month_end, read_days, reading
from grid.access import visible_to
from grid.models import Unit
from intake.models import Case

from .tables import Column, Place, Result, rate

# What a place's entries of a case add up to, over the numerator and over the denominator.
SUMS = """
(SELECT coalesce(sum(one.amount) FILTER (WHERE one.key = ANY(%s)), 0) {than}
        coalesce(sum(one.amount) FILTER (WHERE one.key = ANY(%s)), 0)
   FROM unnest({table}.keys, {table}.units, {table}.amounts) one(key, unit_id, amount){units})
"""


@dataclass(frozen=True)
class Where:
    """A place in a month: an area, or a unit with those below it."""

    month: AssessmentMonth
    place: Place
    unit_ids: list[int] = field(default_factory=list)  # empty for an area

    @property
    def is_area(self) -> bool:
        """Whether it is an area."""
        return not self.unit_ids


@dataclass(frozen=True)
class Count:
    """What a case counted for a rate at the place in the month."""

    column: Column
    numerator: int
    denominator: int

    @property
    def is_good(self) -> bool:
        """Whether it helped the rate."""
        return not self.numerator if self.column.is_lower_better else self.numerator >= self.denominator


@dataclass
class Line:
    """One case: what it counted for at the place in the month, rate by rate."""

    case_id: int
    number: str
    day: date
    counted: list[Count]
    is_left_out: bool = False
    is_open: bool = False  # whether the reader may open the case
    request: ExclusionRequest | None = None


def where_unit(month: AssessmentMonth, unit: Unit) -> Where:
    """Return a unit with everything below it."""
    ids = list(Unit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))
    return Where(month, Place(unit.pk, unit.code, unit.name, unit.path), ids)


def list_cases(
    where: Where, column: Column, side: LedgerSide, user, columns: Sequence[Column], *, before: int | None = None,
    limit: int = 50,
) -> list[Line]:  # fmt: skip
    """Return up to `limit` cases, newest first, older than the id `before`; each with what it counted for `columns`."""
    rows = _rows(where, column, side)
    rows = rows.filter(case_id__lt=before) if before else rows
    found = list(rows.order_by("-case_id")[:limit])
    lines = [_line(row, where, column, columns, side) for row in found]
    _complete(lines, where, column, user)
    return lines


def sum_frozen(where: Where, columns: Sequence[Column]) -> dict[str, Result]:
    """Return the rates of a unit that no scheme ranks, added up from its frozen postings."""
    sums = {column.code: [0, 0] for column in columns}
    for row in _at_place(FrozenPosting.objects.filter(month=where.month), where).iterator():
        for column in columns:
            numerator, denominator = _amounts(row, where, column)
            sums[column.code][0] += numerator
            sums[column.code][1] += denominator
    return {code: Result(over, under, rate(over, under)) for code, (over, under) in sums.items()}


def _rows(where: Where, column: Column, side: LedgerSide) -> QuerySet:
    """Return the postings of a side; what an exclusion took out stands on a side of its own."""
    rows, table = _table(where, column)
    rows = _at_place(rows, where)
    rows = rows.filter(is_excluded=False) if column.is_ranked_only else rows
    rows = _left_out(rows, where, column, only=side == LedgerSide.OUT)
    numerator, denominator = (_keys(where, codes) for codes in (column.numerator, column.denominator))
    rows = rows.filter(keys__overlap=numerator + denominator or [0])
    if side in (LedgerSide.ALL, LedgerSide.OUT):
        return rows.filter(_sums(table, where, ">= 0 AND 0 <", [], numerator + denominator))
    if (side == LedgerSide.FOR) != column.is_lower_better:
        return rows.filter(_sums(table, where, "> 0 AND 0 <=", numerator, []))
    return rows.filter(_sums(table, where, "<", numerator, denominator))


def _table(where: Where, column: Column) -> tuple[QuerySet, str]:
    if where.month.is_frozen:
        return FrozenPosting.objects.filter(month=where.month), "analytics_frozenposting"
    return CasePosting.objects.using(reading()).select_related("case"), "analytics_caseposting"


def _at_place(rows: QuerySet, where: Where) -> QuerySet:
    if not where.is_area:
        return rows.filter(units__overlap=where.unit_ids)
    is_city = where.place.path.count("/") == 2  # noqa: PLR2004 - "/1/"
    return rows if is_city else rows.filter(area__path__startswith=where.place.path)


def _sums(table: str, where: Where, than: str, first: list[int], second: list[int]) -> RawSQL:
    units = "" if where.is_area else " WHERE one.unit_id = ANY(%s)"
    given = [first, second] if where.is_area else [first, second, where.unit_ids]
    return RawSQL(SUMS.format(table=table, than=than, units=units), given, BooleanField())  # noqa: S611 - own names


def _left_out(rows: QuerySet, where: Where, column: Column, *, only: bool) -> QuerySet:
    agreed = ExclusionRequest.objects.agreed(where.month.month).filter(indicator__code=column.code)
    agreed = agreed if where.is_area else agreed.filter(unit__in=where.unit_ids)
    if where.month.is_frozen:  # what was agreed later is a correction and took nothing out
        agreed = agreed.filter(correction=None)
    ids = list(agreed.values_list("case", flat=True))
    return rows.filter(case_id__in=ids) if only else rows.exclude(case_id__in=ids)


def _keys(where: Where, codes: Sequence[str]) -> list[int]:
    """Return the keys of parts in the month; of a running month only those of days that have anything."""
    first, last = where.month.month, month_end(where.month.month)
    if where.month.is_frozen or len(where.unit_ids) > 1:
        days = {first + timedelta(days=number): dict.fromkeys(codes, 1) for number in range(last.day)}
    else:
        dimension = Dimension.AREA if where.is_area else Dimension.UNIT
        days = read_days(dimension, where.place.id, Period(first, last), codes)
    return [key_of(BY_CODE[code], day) for day, amounts in days.items() for code in codes if amounts[code]]


def _line(row, where: Where, column: Column, columns: Sequence[Column], side: LedgerSide) -> Line:
    posted: dict[str, int] = {}
    day = where.month.month
    for code, posted_on, amount in _entries(row, where):
        posted[code] = posted.get(code, 0) + amount
        day = max(day, posted_on) if code in column.parts else day
    counted = []
    for one in columns:
        numerator, denominator = (
            sum(posted.get(code, 0) for code in codes) for codes in (one.numerator, one.denominator)
        )
        if (numerator or denominator) and not (one.is_ranked_only and row.is_excluded):
            counted.append(Count(one, numerator, denominator))
    number = row.number if where.month.is_frozen else row.case.number
    return Line(row.case_id, number, day, counted, is_left_out=side == LedgerSide.OUT)


def _entries(row, where: Where):
    """Yield (part, day, amount) of what a case counted for at the place in the month."""
    for key, unit, amount in zip(row.keys, row.units, row.amounts, strict=True):
        part, day = read_key(key)
        if day.replace(day=1) == where.month.month and (where.is_area or unit in where.unit_ids):
            yield part.code, day, amount


def _amounts(row: FrozenPosting, where: Where, column: Column) -> tuple[int, int]:
    if column.is_ranked_only and row.is_excluded:
        return 0, 0
    out = {int(one.rpartition("@")[2]) for one in row.left_out or () if one.startswith(f"{column.code}@")}
    sums = {"numerator": 0, "denominator": 0}
    for key, unit, amount in zip(row.keys, row.units, row.amounts, strict=True):
        code = read_key(key)[0].code
        if unit in where.unit_ids and unit not in out:
            sums["numerator"] += amount * column.numerator.count(code)
            sums["denominator"] += amount * column.denominator.count(code)
    return sums["numerator"], sums["denominator"]


def _complete(lines: list[Line], where: Where, column: Column, user) -> None:
    """Say of each case whether it may be opened, and what was asked about it."""
    ids = [line.case_id for line in lines]
    seen = set(visible_to(Case.objects.filter(pk__in=ids), user).values_list("pk", flat=True))
    asked = ExclusionRequest.objects.filter(month=where.month.month, case__in=ids, indicator__code=column.code)
    asked = asked if where.is_area else asked.filter(unit__in=where.unit_ids)
    requests = {request.case_id: request for request in asked.order_by("pk")}
    for line in lines:
        line.is_open, line.request = line.case_id in seen, requests.get(line.case_id)

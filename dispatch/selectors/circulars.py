"""Circulars as they are read: what is published, whom it names, which units have read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dispatch.choices import CircularState
from dispatch.models import Circular, CircularLine, CircularReading
from grid.access import holds_everywhere, posts_of, units_with
from grid.choices import Act
from grid.models import Unit
from intake.models import Case

from .queue import CAP, CappedCount, Units

ANSWERS = (Act.HANDLE_CASE, Act.REVIEW_CASE)  # who answers for a unit that is named
READERS = (*ANSWERS, Act.SUPERVISE_CASE)
NAMED_SHOWN = 100


@dataclass(frozen=True)
class NamedUnit:
    """A unit that a circular names: with how many cases, and when it said that it has read it."""

    unit: Unit
    cases: int
    reading: CircularReading | None


def get_answered_units(user) -> Units:
    """Return the units that `user` answers for or supervises: the trees below the grants."""
    if any(holds_everywhere(user, act) for act in READERS):
        return Units(everywhere=True)
    rows = reduce(QuerySet.union, (units_with(user, act).order_by().values_list("pk", flat=True) for act in READERS))
    return Units(everywhere=False, ids=tuple(rows))


def posts_reading(user) -> list[int]:
    """Return the ids of the units at which `user` can say that they have read a circular: where the post is."""
    return [unit_id for unit_id, acts in posts_of(user).items() if acts.intersection(ANSWERS)]


def list_circulars(user) -> QuerySet[Circular]:
    """Return the published circulars, with the cases of all units, those of one's own, and whether one is to read it.

    A circular tells every unit of the city, so whom it does not name may read it as well.
    """
    own, posts = get_answered_units(user), posts_reading(user)
    lines = CircularLine.objects.filter(circular=OuterRef("pk")).order_by()
    read = CircularReading.objects.filter(circular=OuterRef("circular"), unit=OuterRef("unit"))
    return (
        Circular.objects.filter(state=CircularState.PUBLISHED)
        .select_related("unit")
        .annotate(
            cases=CappedCount(lines.values("pk")[:CAP]),
            own_cases=CappedCount(own.narrow(lines, "unit").values("pk")[:CAP]),
            is_named=Exists(lines.filter(unit__in=posts)),
            is_unread=Exists(lines.filter(~Exists(read), unit__in=posts)),
        )
    )


def naming(user, rows: QuerySet[Circular]) -> QuerySet[Circular]:
    """Narrow `rows` to the circulars that name a unit which `user` answers for or supervises."""
    lines = CircularLine.objects.filter(circular=OuterRef("pk"))
    return rows.filter(Exists(get_answered_units(user).narrow(lines, "unit")))


def get_circulars(user) -> QuerySet[Circular]:
    """Return the circulars of one's territory for the supervision desk, drafts first, newest first."""
    lines = CircularLine.objects.filter(circular=OuterRef("pk")).order_by()
    rows = Circular.objects.visible_to(user).select_related("unit").order_by("state", "-id")
    return rows.annotate(cases=CappedCount(lines.values("pk")[:CAP]))[:20]


def find_circular(user, pk: int) -> Circular | None:
    """Return a circular that `user` may read: a published one anybody, a draft who sees its unit."""
    found = Circular.objects.select_related("unit").filter(pk=pk).first()
    if found is None or found.state == CircularState.PUBLISHED:
        return found
    return Circular.objects.visible_to(user).select_related("unit").filter(pk=pk).first()


def get_lines(circular: Circular, own: Units | None = None) -> QuerySet[CircularLine]:
    """Return the lines of a circular, only those of `own` units when given, with what a row shows."""
    lines = circular.lines.select_related("case", "unit").defer("case__content", "case__legacy")
    return own.narrow(lines, "unit") if own else lines


def get_open_numbers(user, lines: list[CircularLine]) -> set[int]:
    """Return the ids of the cases among `lines` that `user` may open: a case is read in its territory only."""
    cases = Case.objects.visible_to(user).filter(pk__in=[line.case_id for line in lines])
    return set(cases.values_list("pk", flat=True))


def get_named(circular: Circular, own: Units) -> tuple[list[NamedUnit], int, int]:
    """Return the named units among `own` (at most NAMED_SHOWN, unread first); of all: how many, how many read it."""
    lines = CircularLine.objects.filter(circular=circular).order_by()
    counts: dict[int, int] = dict(own.narrow(lines, "unit").values_list("unit").annotate(Count("pk")))
    readings = {one.unit_id: one for one in CircularReading.objects.filter(circular=circular)}
    units = Unit.objects.filter(pk__in=counts).order_by("path")
    named = [NamedUnit(unit, counts[unit.pk], readings.get(unit.pk)) for unit in units]
    named.sort(key=lambda one: one.reading is not None)
    return named[:NAMED_SHOWN], lines.aggregate(n=Count("unit", distinct=True))["n"], len(readings)


def is_to_read(user, circular: Circular) -> bool:
    """Whether a unit at which `user` answers is named and has not said that it has read it."""
    if circular.state != CircularState.PUBLISHED:
        return False
    read = CircularReading.objects.filter(circular=circular).values("unit")
    return circular.lines.filter(Q(unit__in=posts_reading(user)) & ~Q(unit__in=read)).exists()

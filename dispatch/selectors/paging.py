"""Keyset pages of a desk: the next page begins after the last row shown, so page 100 costs what page 1 does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import F, Q, QuerySet

SIZE = 50
SALT = "dispatch.queue"


@dataclass(frozen=True)
class Page:
    """One page of rows, and the places the pages around it begin at."""

    rows: list
    next: str | None
    previous: str | None


def paginate(rows: QuerySet, order: tuple[str, str], at: str | None, size: int = SIZE) -> Page:
    """Return the page of `rows` at the place `at` (the beginning when it is none or was tampered with).

    `order` is (moment, id), both ascending or both descending; rows without the moment come last.
    """
    moment, pk, goes_back = _read(at)
    backwards = order[0].startswith("-") != goes_back
    field = order[0].lstrip("-")
    if pk is not None:
        rows = rows.filter(_beyond(field, moment, pk, backwards, goes_back))
    places = {"nulls_first": True} if goes_back else {"nulls_last": True}
    by_moment = F(field).desc(**places) if backwards else F(field).asc(**places)
    found = list(rows.order_by(by_moment, "-id" if backwards else "id")[: size + 1])
    more, found = len(found) > size, found[:size]
    if goes_back:
        found.reverse()
    has_next, has_previous = (True, more) if goes_back else (more, pk is not None)
    return Page(
        rows=found,
        next=_place(found[-1], field, False) if found and has_next else None,
        previous=_place(found[0], field, True) if found and has_previous else None,
    )


def _beyond(field: str, moment: datetime | None, pk: int, backwards: bool, goes_back: bool) -> Q:
    """Return the condition of lying beyond a place; rows without a moment stand at the end."""
    side, ids = ("lt", {"pk__lt": pk}) if backwards else ("gt", {"pk__gt": pk})
    empty = Q(**{f"{field}__isnull": True})
    if moment is None:
        return empty & Q(**ids) | (~empty if goes_back else Q(pk__in=[]))
    beyond = Q(**{f"{field}__{side}": moment}) | Q(**{field: moment}, **ids)
    return beyond if goes_back else beyond | empty


def _place(row, field: str, goes_back: bool) -> str:
    moment = getattr(row, field)
    return signing.dumps([moment.isoformat() if moment else None, row.pk, goes_back], salt=SALT)


def _read(at: str | None) -> tuple[datetime | None, int | None, bool]:
    if not at:
        return None, None, False
    try:
        moment, pk, goes_back = signing.loads(at, salt=SALT)
    except signing.BadSignature:
        return None, None, False
    return datetime.fromisoformat(moment) if moment else None, pk, goes_back

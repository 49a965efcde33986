"""Keyset paging: a page begins after the last row seen, found by its sort values, never by counting rows off.

The cost of a page does not depend on how far down it is, and rows that arrive meanwhile neither repeat nor hide others.
Empty values (NULL) come last in either direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shenzhen_gov.core.exceptions import BadInput

from .values import pack, unpack

SALT = "core.lists.keyset"
NEXT, PREVIOUS = "n", "p"


class BadCursor(BadInput):
    """The place in a list that an address names cannot be understood."""

    code = "bad_cursor"

    def __init__(self):
        text = _("The address of this page of the list is damaged; please open the list again.")
        super().__init__(text, field="cursor")


@dataclass(frozen=True)
class Sort:
    """A named order: `fields` as in order_by, the last one unique (id). `column`: the table column it belongs to."""

    code: str
    label: str | Promise
    fields: tuple[str, ...]
    column: str = ""

    def __post_init__(self):
        if self.fields[-1].lstrip("-") not in {"id", "pk"}:
            raise ValueError(f"sort {self.code!r} must end with id, or rows of equal rank would get lost between pages")

    @property
    def is_descending(self) -> bool:
        """Whether the leading field falls."""
        return self.fields[0].startswith("-")


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursors of its neighbours where there are any."""

    rows: list
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class _Key:
    """One sort field: its path, its direction, whether it may be empty."""

    path: str
    descending: bool
    nullable: bool

    def order(self, backwards: bool):
        """Return the ORDER BY expression; a plain one where nothing can be empty, so that an index serves it."""
        descending = self.descending != backwards
        if not self.nullable:
            return F(self.path).desc() if descending else F(self.path).asc()
        places: dict[str, Any] = {"nulls_first": True} if backwards else {"nulls_last": True}
        return F(self.path).desc(**places) if descending else F(self.path).asc(**places)

    def equal(self, value) -> Q:
        """Return the condition "the same here"."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value, backwards: bool) -> Q | None:
        """Return the condition "further on, by this field alone"; None when nothing can be."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else None
        operator = "gt" if self.descending == backwards else "lt"
        condition = Q(**{f"{self.path}__{operator}": value})
        if self.nullable and not backwards:
            condition |= Q(**{f"{self.path}__isnull": True})
        return condition


def page_of(queryset: QuerySet, sort: Sort, size: int, cursor: str | None = None) -> Page:
    """Return the page of `size` rows that `cursor` points to, the first one without a cursor. Raises BadCursor."""
    keys = [_key(queryset.model, name) for name in sort.fields]
    backwards, values = _read(cursor, sort)
    names = [f"_key{index}" for index in range(len(keys))]
    rows = queryset.annotate(**{name: F(key.path) for name, key in zip(names, keys, strict=True)})
    if cursor:
        rows = rows.filter(_after(keys, values, backwards))
    found = list(rows.order_by(*(key.order(backwards) for key in keys))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Page(
        rows=found,
        next=_cursor(NEXT, sort, found[-1], names) if found and (more or backwards) else None,
        previous=_cursor(PREVIOUS, sort, found[0], names) if found and (more if backwards else cursor) else None,
    )


def _after(keys: list[_Key], values: list, backwards: bool) -> Q:
    """Return the condition "behind the row with these sort values", in reading direction."""
    cases: list[Q] = []
    same = Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value, backwards)
        if beyond is not None:
            cases.append(same & beyond)
        same &= key.equal(value)
    return _leading_bound(keys[0], values[0], backwards) & reduce(or_, cases)


def _leading_bound(key: _Key, value, backwards: bool) -> Q:
    """Return the leading field's range alone: implied by the cases, but only in this form does an index begin there."""
    beyond = key.beyond(value, backwards)
    return Q() if beyond is None or value is None else beyond | key.equal(value)


def _key(model: type[Model], name: str) -> _Key:
    path = name.lstrip("-")
    return _Key(path, name.startswith("-"), _is_nullable(model, path))


def _is_nullable(model: type[Model], path: str) -> bool:
    for part in path.split("__"):
        if part == "pk":
            return False
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True  # an annotation: nothing is known
        if field.null:
            return True
        if field.is_relation:
            model = field.related_model  # type: ignore[assignment]
    return False


def _cursor(direction: str, sort: Sort, row, names: list[str]) -> str:
    values = [pack(getattr(row, name)) for name in names]
    return signing.dumps([direction, sort.code, values], salt=SALT, compress=True)


def _read(cursor: str | None, sort: Sort) -> tuple[bool, list]:
    if not cursor:
        return False, []
    try:
        direction, code, values = signing.loads(cursor, salt=SALT)
        unpacked = [unpack(value) for value in values]
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor from error
    if code != sort.code or len(unpacked) != len(sort.fields):
        raise BadCursor
    return direction == PREVIOUS, unpacked

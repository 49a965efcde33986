"""How an item reads, as plain data: what a line of a batch carries, what a diff compares, what Excel and the API show.

A content is a dictionary: `level1`, `level2` and every name of FIELDS, and `rows`: None when the responsible units stay
as they are, else a list of {"area", "lead", "co", "fallback", "note"} with ids. It goes into JSON as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import CatalogueEntry, ItemVersion, Responsibility

Content = dict[str, Any]

# What belongs to a version as a row, not to how it reads.
_NOT_CONTENT = {
    "id",
    "item",
    "number",
    "effective_from",
    "is_retired",
    "path_text",
    "successors",
    "source",
    "rows_from",
    "batch",
    "published_at",
}
FIELDS: dict[str, models.Field] = {
    field.name: field for field in ItemVersion._meta.concrete_fields if field.name not in _NOT_CONTENT
}
LABELS: dict[str, str | Promise] = {
    "level1": _("First level"),
    "level2": _("Second level"),
    **{name: field.verbose_name for name, field in FIELDS.items()},
    "rows": _("Responsible units"),
}


@dataclass(frozen=True)
class FieldChange:
    """One field that reads differently before and after."""

    name: str
    label: str | Promise
    before: Any
    after: Any


def empty_content() -> Content:
    """Return the content of an item about which nothing is said yet."""
    return {"level1": "", "level2": "", **{name: _empty(field) for name, field in FIELDS.items()}, "rows": None}


def contents_of(versions: Iterable[ItemVersion], *, with_rows: bool = True) -> dict[int, Content]:
    """Return version id → content, with three queries however many there are. `rows` is a list; without: None."""
    versions = list(versions)
    paths = _paths({version.item_id for version in versions})
    rows = rows_of({version.rows_id for version in versions}) if with_rows else {}
    return {
        version.pk: {
            **paths[version.item_id],
            **{name: getattr(version, name) for name in FIELDS},
            "rows": rows.get(version.rows_id, []) if with_rows else None,
        }
        for version in versions
    }


def rows_of(version_ids: Iterable[int], among: models.QuerySet | None = None) -> dict[int, list[dict]]:
    """Return version id → its responsibility rows as plain data, in the order of their areas; only those `among`."""
    found: dict[int, list[dict]] = {}
    links = Responsibility.co_units.through.objects.filter(responsibility__version__in=set(version_ids)).order_by()
    co_units = dict(links.values_list("responsibility").annotate(units=ArrayAgg("unit", order_by="id")))
    known = Responsibility.objects.all() if among is None else among
    rows = known.filter(version__in=set(version_ids)).order_by("version", "area")
    for pk, version_id, area, lead, fallback, note in rows.values_list(
        "pk", "version", "area", "lead_unit", "fallback_unit", "note"
    ):
        row = {"area": area, "lead": lead, "co": co_units.get(pk, []), "fallback": fallback, "note": note}
        found.setdefault(version_id, []).append(row)
    return found


def changes_between(before: Content, after: Content) -> list[FieldChange]:
    """Return what reads differently, in the order of the fields. Rows that are None in `after` stay as they are."""
    changes = []
    for name, label in LABELS.items():
        one, other = before.get(name), after.get(name)
        if name == "rows" and (other is None or same_rows(one or [], other)):
            continue
        if one != other:
            changes.append(FieldChange(name, label, one, other))
    return changes


def path_text(content: Content) -> str:
    """Return the path as it is stored with the version."""
    return f"{content['level1']} / {content['level2']} / {content['name']}"


def version_fields(content: Content) -> dict[str, Any]:
    """Return the columns of a version that a content fills."""
    return {name: content.get(name, _empty(field)) for name, field in FIELDS.items()}


def same_rows(one: list[dict], other: list[dict]) -> bool:
    """Whether two sets of rows say the same, in whatever order."""

    def key(rows):
        return sorted((row["area"], row["lead"], sorted(row["co"]), row["fallback"] or 0, row["note"]) for row in rows)

    return key(one) == key(other)


def _paths(item_ids: set[int]) -> dict[int, dict[str, str]]:
    """Return item id → first and second level by name."""
    entries = CatalogueEntry.objects.filter(items__in=item_ids).values_list(
        "items", "parent__parent__name", "parent__name"
    )
    return {item: {"level1": level1 or "", "level2": level2 or ""} for item, level1, level2 in entries}


def _empty(field: models.Field) -> Any:
    if isinstance(field, ArrayField):
        return []
    return field.get_default() if field.has_default() else ("" if not field.null else None)

"""What the fields of a theme's form find while somebody types: duty items, areas, units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from analytics.workflow import JUDGE
from dutylist.models import ItemVersion
from grid.access import areas_with, visible_to
from grid.choices import Level
from grid.models import Unit

MOST_FOUND, MOST_NAMED = 12, 100


@dataclass(frozen=True)
class Choice:
    """One choice: what is sent, its name, what is said beside it."""

    value: str
    name: str
    beside: str = ""


def find_items(text: str, user) -> list[Choice]:
    """Return duty items in use whose path, code or keyword fits."""
    fits = Q(path_text__icontains=text) | Q(item__code__istartswith=text) | Q(keywords__contains=[text])
    rows = ItemVersion.objects.newest().open_to(user).filter(fits, is_retired=False)
    rows = rows.select_related("item").order_by("item__code")[:MOST_FOUND]
    return [Choice(one.item.code, one.name, f"{one.path_text} · {one.item.code}") for one in rows]


def find_areas(text: str, user) -> list[Choice]:
    """Return the areas where `user` may propose themes whose name or code fits, the wider ones first."""
    rows = areas_with(user, JUDGE).filter(Q(name__icontains=text) | Q(code__startswith=text), is_active=True)
    rows = rows.filter(level__lte=Level.COMMUNITY).select_related("parent").order_by("level", "path")[:MOST_FOUND]
    return [Choice(str(one.pk), one.name, str(one.parent or "")) for one in rows]


def find_units(text: str, user, on: date) -> list[Choice]:
    """Return the open units in sight that have or had a name containing the text."""
    rows = visible_to(Unit.objects.open_on(on), user).filter(names__name__icontains=text).distinct()
    rows = rows.select_related("home_area").order_by("level", "path")[:MOST_FOUND]
    return [Choice(one.name, one.name, str(one.home_area)) for one in rows]


def items_named(codes: Collection[str], user) -> list[Choice]:
    """Return the items of these codes as they are shown when chosen; unknown codes stay as they were typed."""
    known = [code for code in codes if code.isprintable()][:MOST_NAMED]
    rows = ItemVersion.objects.newest().open_to(user).filter(item__code__in=known).select_related("item")
    names = {one.item.code: one.name for one in rows}
    return [Choice(code, names.get(code, code)) for code in codes]


def area_named(value: str, user) -> str:
    """Return the name of the area chosen, empty for none that may be."""
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        return ""
    return areas_with(user, JUDGE).filter(pk=int(value)).values_list("name", flat=True).first() or ""

"""The rows of an ad-hoc table: which there are in a territory, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from analytics.choices import TableRows
from dutylist.models import Item, ItemVersion
from grid.choices import Level
from grid.models import Area, Unit
from intake.models import Channel


def candidates(rows: str, area: Area, unit_kind: str, unit: Unit | None = None) -> list[int]:
    """Return the scopes of the roll-ups that a table reads: those in use, and those that were."""
    if unit is not None:
        units = Unit.objects.below(unit)
        return _ids((units.filter(kind=unit_kind) if unit_kind and rows == TableRows.UNITS else units).order_by("path"))
    if rows == TableRows.BELOW:
        return _ids(Area.objects.filter(parent=area).order_by("code"))
    if rows == TableRows.COMMUNITIES:
        return _ids(Area.objects.below(area).filter(level=Level.COMMUNITY).order_by("code"))
    if rows == TableRows.UNITS:
        units = Unit.objects.filter(home_area__path__startswith=area.path)  # whoever reads the area's figures
        return _ids((units.filter(kind=unit_kind) if unit_kind else units).order_by("path"))
    return [area.pk]


def names_of(rows: str, keys: Iterable, user) -> dict:
    """Return key → what the row is called, in one question."""
    keys = list(keys)
    if rows in (TableRows.BELOW, TableRows.COMMUNITIES):
        return dict(Area.objects.filter(pk__in=keys).values_list("pk", "name"))
    if rows == TableRows.UNITS:
        return dict(Unit.objects.filter(pk__in=keys).values_list("pk", "name"))
    if rows == TableRows.CHANNELS:
        return {channel.pk: channel.label for channel in Channel.objects.filter(pk__in=keys)}
    if rows == TableRows.ITEMS:
        return _item_names(keys, user)
    return {key: _time_name(rows, key) for key in keys}


def _item_names(keys: list[int], user) -> dict[int, str]:
    """Return what items are called now; of a list that `user` does not read, nothing is told."""
    newest = ItemVersion.objects.open_to(user).filter(item__in=keys).order_by("item", "-number").distinct("item")
    found = dict(newest.values_list("item", "name"))
    known = set(Item.objects.open_to(user).filter(pk__in=set(keys) - found.keys()).values_list("pk", flat=True))
    return {key: found.get(key) or (str(key) if key in known else _("Of a list not open to you")) for key in keys}


def _time_name(rows: str, first: date) -> str:
    if rows == TableRows.MONTHS:
        return f"{first:%Y-%m}"
    if rows == TableRows.WEEKS:
        year, week, _day = first.isocalendar()
        return _("%(year)s week %(week)s, from %(day)s") % {"year": year, "week": week, "day": f"{first:%m-%d}"}
    return f"{first:%Y-%m-%d}"


def _ids(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))

"""Releasing open data: the accepted cases of a month by district and class of matter, and by district and channel.

Only counts leave, never a case; small ones stay out together with what would give them away (analytics/suppression.py).
Both tables share their totals, so a total that is hidden in one is hidden in the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import Dimension
from analytics.models import MonthFigures, OpenDataRelease
from analytics.suppression import Cell, suppressed_cells, with_totals
from dutylist.models import Item, ItemVersion
from grid import access
from grid.choices import Act
from grid.models import Area
from intake.models import Channel
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.parameters import get_parameter

CLASS, CHANNEL = "class", "channel"
ELSEWHERE, OTHER, TOTAL = ("-", "未定位"), ("-", "未分类"), ("*", "合计")
Named = tuple[str, str]


@transaction.atomic
def release_open_data(month: date, *, by: Actor, now: datetime) -> OpenDataRelease:
    """Release a month that is over; again for a correction, as the next number. Raises BadInput(field="month")."""
    if by.user is None or not access.holds_everywhere(by.user, Act.KEEP_ASSESSMENT):
        raise NotAllowed(_("Open data is released by those who keep the assessment of the whole city."))
    today, month = timezone.localdate(now), month.replace(day=1)
    if month >= today.replace(day=1):
        raise BadInput(_("The month is not over yet."), field="month")
    city = Area.objects.filter(parent=None).order_by("level", "path").select_for_update().first()
    if city is None or not MonthFigures.objects.filter(dimension=Dimension.AREA, period=month).exists():
        raise BadInput(_("There are no figures of this month."), field="month")
    threshold = get_parameter("open_data.threshold", today)
    tables, hidden = _tables(city, month, threshold)
    numbers = OpenDataRelease.objects.filter(month=month).aggregate(last=Max("number"))
    release = OpenDataRelease.objects.create(
        month=month,
        number=(numbers["last"] or 0) + 1,
        tables=tables,
        threshold=threshold,
        suppressed=hidden,
        licence=get_parameter("open_data.licence", today),
        made_at=now,
        made_by=by.name[:120],
    )
    audit.record("open_data.released", release, by=by, now=now, changes={"suppressed": hidden, "threshold": threshold})
    return release


def _tables(city: Area, month: date, threshold: int) -> tuple[dict, int]:
    """Return both tables as they are stored, and how many of their cells were suppressed."""
    districts = list(Area.objects.filter(parent=city).order_by("code"))
    areas = [(district.code, district.name) for district in districts] + [ELSEWHERE]
    whole = _counts(Dimension.AREA, [city.pk, *(one.pk for one in districts)], month)
    blocks, heads = {}, {}
    for name, dimension, named in (
        (CLASS, Dimension.ITEM, _classes()),
        (CHANNEL, Dimension.CHANNEL, _channels()),
    ):
        categories = sorted(set(named.values())) + [OTHER]
        found = _counts(dimension, [city.pk, *(one.pk for one in districts)], month)
        rows = [_row(found.get(one.pk, {}), named, categories, whole.get(one.pk, {})) for one in districts]
        every = _row(found.get(city.pk, {}), named, categories, whole.get(city.pk, {}))
        rest = [max(0, all_ - sum(column)) for all_, *column in zip(every, *rows, strict=True)]
        blocks[name], heads[name] = with_totals([*rows, rest]), categories
    hidden = _hidden_together(blocks, threshold)
    stored = {
        name: {
            "areas": [*areas, TOTAL],
            "categories": [*heads[name], TOTAL],
            "cells": [[None if (r, c) in hidden[name] else value for c, value in enumerate(row)]
                      for r, row in enumerate(block)],
        }
        for name, block in blocks.items()
    }  # fmt: skip
    return stored, sum(len(cells) for cells in hidden.values())


def _hidden_together(blocks: dict[str, list[list[int]]], threshold: int) -> dict[str, set[Cell]]:
    """Return what to suppress in each block, with the totals of areas hidden in all of them or in none."""
    hidden: dict[str, set[Cell]] = {name: set() for name in blocks}
    before = None
    while before != hidden:
        before = {name: set(cells) for name, cells in hidden.items()}
        for name, block in blocks.items():
            others = {row for other, cells in hidden.items() for row, column in cells if column == _last(blocks[other])}
            totals = {(row, _last(block)) for row in others}
            hidden[name] = suppressed_cells(block, threshold, hidden[name] | totals)
    return hidden


def _last(block: list[list[int]]) -> int:
    return len(block[0]) - 1


def _row(counts: dict[int, int], named: dict[int, Named], categories: list[Named], whole: dict[int, int]) -> list[int]:
    """Return the counts of one area by category; what belongs to none is what the whole has more."""
    found = dict.fromkeys(categories, 0)
    for key, count in counts.items():
        if key in named:
            found[named[key]] += count
    found[OTHER] = max(0, whole.get(0, 0) - sum(found.values()))
    return [found[category] for category in categories]


def _counts(dimension: Dimension, scopes: Iterable[int], month: date) -> dict[int, dict[int, int]]:
    """Return scope → key → the cases accepted in the month."""
    rows = MonthFigures.objects.of(dimension, list(scopes), month, month).order_by()
    found: dict[int, dict[int, int]] = {}
    for scope, key, count in rows.values_list("scope_id", "key_id").annotate(sum=Sum("accepted")):
        found.setdefault(scope, {})[key] = count
    return found


def _classes() -> dict[int, Named]:
    """Return item → its class, the first level of the catalogue; of secret items nothing is told."""
    secret = ItemVersion.objects.newest().filter(is_secret=True).values("item")
    rows = Item.objects.exclude(pk__in=secret).select_related("entry__parent__parent")
    found = {}
    for item in rows:
        entry = item.entry
        while entry.parent is not None:
            entry = entry.parent
        found[item.pk] = (entry.code, entry.name)
    return found


def _channels() -> dict[int, Named]:
    return {channel.pk: (channel.code, channel.name) for channel in Channel.objects.all()}

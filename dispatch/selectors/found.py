"""Findings, and what a community may solve itself, for the phone of a grid officer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from dispatch.models import Finding
from dutylist.models import ItemVersion
from dutylist.selectors import list_unit_duties
from grid.access import areas_with, units_with
from grid.choices import Act
from grid.models import Staff, Unit
from grid.selectors import answering_unit

MOST_SHOWN, MOST_ITEMS = 50, 300


def my_findings(user) -> list[Finding]:
    """Return what somebody found last, newest first, as far as it still lies in sight."""
    rows = Finding.objects.visible_to(user).filter(found_by=user).select_related("case__item", "case__holder")
    return list(rows.order_by("-found_at", "-id")[:MOST_SHOWN])


def team_findings(user, day: date) -> QuerySet[Finding]:
    """Return what the teams that `user` plans for found on a day in the areas planned for.

    By person and day, so that what it costs does not grow with what was found before.
    """
    begin = datetime.combine(day, time.min, timezone.get_default_timezone())
    people = Staff.objects.filter(unit__in=units_with(user, Act.MANAGE_GRID)).values("pk")
    rows = Finding.objects.filter(found_by__in=people, case__area__in=areas_with(user, Act.MANAGE_GRID))
    return rows.filter(found_at__gte=begin, found_at__lt=begin + timedelta(days=1))


def own_items(areas, user, on: date) -> list[ItemVersion]:
    """Return the items that the community of these areas may solve itself: those whose list names it.

    Matters of the community level that name nobody there are left to be typed.
    """
    unit = community_of(areas, on)
    if unit is None:
        return []
    rows: QuerySet[ItemVersion] = list_unit_duties(unit, on, user).select_related("item")
    return list(rows.order_by("item__code")[:MOST_ITEMS])


def community_of(areas, on: date) -> Unit | None:
    """Return the community that answers for the first of these areas."""
    return answering_unit(areas[0], ("community",), on) if areas else None

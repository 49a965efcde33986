"""Finding a case by what somebody types or reads out: a number, its tail, a work order's number, an outside number."""

from __future__ import annotations

import re

from django.db.models import Q

from intake.models import Case

from .cases import find_case

SHORTEST_TAIL = 4
SHOWN = 20
WORK_ORDER_NUMBER = re.compile(r"^(.{8,})-(\d{2,3})$")


def find_by_number(user, text: str) -> Case | None:
    """Return the case with exactly this number, work-order number or outside number, if `user` sees it."""
    if not (number := text.strip().upper()):
        return None
    if matched := WORK_ORDER_NUMBER.match(number):
        number = matched[1]
    if case := find_case(user, number):
        return case
    return Case.objects.visible_to(user).filter(external_id=text.strip()).order_by("-id").first()


def find_by_tail(user, text: str) -> list[Case]:
    """Return the latest cases in sight whose number ends in, or whose title contains, `text`."""
    text = text.strip()
    if len(text) < SHORTEST_TAIL:
        return []
    condition = Q(number__endswith=text.upper()) if text.isalnum() and text.isascii() else Q(title__contains=text)
    return list(
        Case.objects.visible_to(user)
        .filter(condition)
        .select_related("area", "item_version", "channel", "holder")
        .order_by("-id")[:SHOWN]
    )

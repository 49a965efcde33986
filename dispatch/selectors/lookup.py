"""Finding a case by a number somebody reads out: the case's own, a work order's, an outside one."""

from __future__ import annotations

import re

from intake.models import Case
from intake.selectors import get_by_number

from .cases import find_case

WORK_ORDER_NUMBER = re.compile(r"^(.{8,})-(\d{2,3})$")


def find_by_number(user, text: str) -> Case | None:
    """Return the case with exactly this number, if `user` sees it or one of its work orders."""
    number = text.replace("\x00", "").strip().upper()
    if not any(character.isdigit() for character in number):
        return None  # every number has a digit; words need not ask for one
    if matched := WORK_ORDER_NUMBER.match(number):
        number = matched[1]
    return find_case(user, number) or get_by_number(user, text)

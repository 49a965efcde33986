"""Cases, as far as somebody may see them."""

from __future__ import annotations

import re

from intake.models import Case
from shenzhen_gov.core.masking import mask_text

DOORS = re.compile(r"[0-9０-９一二三四五六七八九十]+(?=(?:号楼|栋|幢|座|单元|号房|房|室|号|楼|层))")
CALLED = re.compile(r"(我(?:叫|姓)|本人姓名?|姓名[:：]?|联系人[:：]?)\s*[\u4e00-\u9fff]{1,4}")


def get_case(user, number: str) -> Case | None:
    """Return a case that `user` may see, with what its page shows, or None."""
    return (
        Case.objects.visible_to(user)
        .select_related("area", "item_version", "holder", "channel", "citizen")
        .filter(number=number)
        .first()
    )


def text_without_persons(case: Case) -> str:
    """Return title and content without what leads to somebody: numbers, mail addresses, names, doors."""
    names = [case.citizen.name] if case.citizen and case.citizen.name else []
    text = mask_text(f"{case.title}\n{case.content}", names)
    return DOORS.sub("**", CALLED.sub(lambda found: f"{found.group(1)}**", text))

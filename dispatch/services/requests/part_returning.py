"""部分退回: of a request about several matters one goes back, while the unit handles the rest.

Agreed to, the case is taken apart (splitting.py): it keeps what stays, with its unit, its work order and its deadline;
what goes back is a case of its own that awaits dispatch, on the clock of the original. It is no return of the case: it
counts neither as one nor towards a docket.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import CaseRequest
from dutylist.selectors import version_in_force
from intake import services as intake
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from ..splitting import take_apart
from .asked import Asked
from .returning import check_time, cited_item

LEAST, LIMIT = 2, 5_000  # characters of a part; what a case itself may say


def prepare(asked: Asked) -> dict[str, Any]:
    """Check what is asked: in time, both parts in words, with an entry that is in force where one is cited."""
    check_time(asked)
    texts = {name: _part(asked, name) for name in ("part", "rest")}
    return {"cited_item": cited_item(asked), "asked_value": texts}


def agree(request: CaseRequest, asked: Asked) -> None:
    """Take the case apart, by the machine: whoever decides need not be somebody who dispatches."""
    case, by = asked.case, Actor.system("part_return")
    is_in_force = case.item is not None and version_in_force(case.item.pk, timezone.localdate(asked.now)) is not None
    own = case.item.code if case.item and is_in_force else ""
    other = request.cited_item.code if request.cited_item else ""
    parts = [
        intake.Part(request.asked_value["rest"], title=case.title, item=own),
        intake.Part(request.asked_value["part"], item=other),
    ]
    take_apart(case, parts, key=f"part-return-{request.pk}", by=by, now=asked.now)


def _part(asked: Asked, name: str) -> str:
    text = checked_text(asked.value.get(name) or "", LIMIT, field=name)
    if len("".join(text.split())) < LEAST:
        words = {"part": _("Write down what goes back."), "rest": _("Write down what stays with you.")}
        raise BadInput(words[name], field=name)
    return text

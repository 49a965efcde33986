"""What each kind of request needs and does; a new kind is a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dispatch.choices import ClockKind, RequestKind
from dispatch.models import CaseRequest

from . import appealing, extending, holding, part_returning, returning, voiding
from .asked import Asked

Step = Callable[[CaseRequest, Asked], None]


def nothing(request: CaseRequest, asked: Asked) -> None:
    """Do nothing."""


@dataclass(frozen=True)
class KindOfRequest:
    """`move` is asked about a work order, `case_move` about the case itself; either may be missing.

    `prepare` checks the asking and returns columns of the request; `file` follows the asking, `agree` an agreement,
    `conclude` every end.
    """

    prepare: Callable[[Asked], dict[str, Any]]
    agree: Step
    move: str = ""
    case_move: str = ""
    clock: str = ClockKind.DECISION
    file: Step = nothing
    conclude: Step = nothing


KINDS: dict[str, KindOfRequest] = {
    RequestKind.RETURN: KindOfRequest(returning.prepare, returning.agree, "ask_return"),
    RequestKind.PART_RETURN: KindOfRequest(part_returning.prepare, part_returning.agree, "ask_part_return"),
    RequestKind.EXTEND: KindOfRequest(extending.prepare, extending.agree, "ask_extend"),
    RequestKind.SUSPEND: KindOfRequest(holding.prepare, holding.agree, "ask_suspend"),
    RequestKind.STAGE_CLOSE: KindOfRequest(holding.prepare, holding.agree, "ask_stage_close"),
    RequestKind.VOID: KindOfRequest(voiding.prepare, voiding.agree, "ask_void", "ask_void"),
    RequestKind.SCORE_APPEAL: KindOfRequest(
        appealing.prepare, nothing, "", "appeal", ClockKind.APPEAL, appealing.file, appealing.conclude
    ),
}

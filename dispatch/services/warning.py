"""What units read of escalated clocks: one message to a unit for each rule, however many cases it is about."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from dispatch.choices import ClockStage, EscalateWhat
from dispatch.models import Escalation
from grid.choices import Act
from grid.services import Receiver, send_message

from .notices import moment

AT_ONCE = 5_000
NAMED = 3  # numbers in a message about many
PAGES = {Act.HANDLE_CASE: "/dispatch/queue/?tab=overdue", Act.REVIEW_CASE: "/dispatch/review/?tab=overdue"}


@transaction.atomic
def tell_escalations(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Write the messages of up to `limit` steps that were taken and not told; returns how many steps."""
    waiting = Escalation.objects.filter(told_at=None).order_by("unit", "rule", "id")
    waiting = waiting.select_related("case", "clock", "rule", "urge").select_for_update(skip_locked=True, of=("self",))
    groups: dict[tuple, list[Escalation]] = defaultdict(list)
    rows = list(waiting[:limit])
    for row in rows:
        groups[row.unit_id, row.act, row.rule_id].append(row)
    for (unit_id, act, _rule), found in groups.items():
        if unit_id is not None:
            _tell(Receiver(unit_id=unit_id, act=act), found, now)
    Escalation.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=now)
    return len(rows)


def _tell(to: Receiver, found: list[Escalation], now: datetime) -> None:
    """Write the message of one rule to one unit: about a case by its number, about many by how many they are."""
    first = found[0]
    template = _template(first)
    if len(found) == 1:
        kind, text = first.clock.get_kind_display(), first.urge.text if first.urge else ""
        facts = {"number": first.case.number, "kind": kind, "due": moment(first.clock.due_at), "text": text}
        link = f"/dispatch/cases/{first.case.number}/"
        send_message(template, [to], facts=facts, now=now, link=link, about=first.case.number)
        return
    numbers = [row.case.number for row in found[:NAMED]]
    facts = {"count": len(found), "numbers": ", ".join(numbers), "kind": first.clock.get_kind_display()}
    send_message(f"{template}_many", [to], facts=facts, now=now, link=PAGES.get(Act(to.act), ""))


def _template(row: Escalation) -> str:
    if row.rule.what == EscalateWhat.NOTICE:
        return "case_urged"
    return "clock_yellow" if row.rule.stage == ClockStage.YELLOW else "clock_red"

"""What units read of escalated clocks: one message to a unit for each rule, however many cases it is about."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from dispatch.choices import ClockKind, ClockStage, EscalateWhat
from dispatch.models import Escalation
from grid.choices import Act
from grid.services import Receiver, send_message

from .notices import moment

NAMED = 3  # numbers in a message about many
PAGES = {Act.HANDLE_CASE: "/dispatch/queue/?tab=overdue", Act.REVIEW_CASE: "/dispatch/review/?tab=overdue"}
SHOWN = ("unit", "act", "rule__what", "rule__stage", "case__number", "clock__kind", "clock__due_at", "urge__text")
# Marked and counted by one statement, so that a step is told in one message and only in one.
TELL = """
WITH told AS (
    UPDATE dispatch_escalation SET told_at = %s WHERE told_at IS NULL RETURNING id, unit_id, act, rule_id
)
SELECT count(*), (array_agg(id ORDER BY id))[1:%s] FROM told GROUP BY unit_id, act, rule_id ORDER BY unit_id, rule_id
"""


@transaction.atomic
def tell_escalations(*, now: datetime) -> int:
    """Write the messages of all steps that were taken and not told; returns how many steps."""
    with connection.cursor() as cursor:
        cursor.execute(TELL, [now, NAMED])
        groups = cursor.fetchall()
    rows = Escalation.objects.select_related("case", "clock", "rule", "urge").only(*SHOWN)
    known = rows.in_bulk([pk for _count, first in groups for pk in first])
    for count, first in groups:
        found = [known[pk] for pk in first]
        if found[0].unit_id is not None:
            _tell(found, count, now)
    return sum(count for count, _first in groups)


def _tell(found: list[Escalation], count: int, now: datetime) -> None:
    """Write the message of one rule to one unit: about a case by its number, about many by how many they are."""
    first = found[0]
    to, template, kind = (
        Receiver(unit_id=first.unit_id, act=first.act),
        _template(first),
        ClockKind(first.clock.kind).label,
    )
    facts: dict[str, object]
    if count == 1:
        text = first.urge.text if first.urge else ""
        facts = {"number": first.case.number, "kind": kind, "due": moment(first.clock.due_at), "text": text}
        link = f"/dispatch/cases/{first.case.number}/"
        send_message(template, [to], facts=facts, now=now, link=link, about=first.case.number)
        return
    facts = {"count": count, "numbers": ", ".join(row.case.number for row in found), "kind": kind}
    send_message(f"{template}_many", [to], facts=facts, now=now, link=PAGES.get(Act(first.act), ""))


def _template(row: Escalation) -> str:
    if row.rule.what == EscalateWhat.NOTICE:
        return "case_urged"
    return "clock_yellow" if row.rule.stage == ClockStage.YELLOW else "clock_red"

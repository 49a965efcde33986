"""The state of a case changes here and nowhere else. The layers above call these with their own locks held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from intake.models import Case
from intake.signals import case_accepted, case_moved
from intake.workflow import ANSWERED, AWAITING_DISPATCH, CASE, CLOSED, NOT_ACCEPTED, OPEN_STATES, VOID, state_told
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import StalePage

from .deliveries import STATE_CHANGED, owe_callback, owe_callbacks

ENDED = (CLOSED, ANSWERED, NOT_ACCEPTED, VOID)
MOVE_MANY = """
UPDATE intake_case AS c
   SET state = %s, holder_id = coalesce(v.holder, c.holder_id), due_at = coalesce(v.due, c.due_at),
       item_version_id = coalesce(v.version, c.item_version_id), item_id = coalesce(v.item, c.item_id),
       awaits_person = false, row_version = c.row_version + 1
  FROM unnest(%s::bigint[], %s::integer[], %s::bigint[], %s::timestamptz[], %s::bigint[], %s::bigint[])
       AS v(id, seen, holder, due, version, item)
 WHERE c.id = v.id AND c.row_version = v.seen
"""


def move_case(
    case: Case,
    move: str,
    *,
    action: str,
    by: Actor,
    now: datetime,
    holder_id: int | None = None,
    due_at: datetime | None = None,
    changes: dict | None = None,
    note: str = "",
) -> Case:
    """Make one move of the table: state, accountable unit, end, round, and the audit entry `action`.

    The caller holds the row's lock and has asked `access` (it knows whose act the move is). Raises IllegalMove with the
    reason, and StalePage when `case` is not as it stands in the table.
    """
    row = CASE.check(move, case)
    before, seen = case.state, case.row_version
    case.state = row.to_state or case.state
    case.holder_id = holder_id or case.holder_id
    case.due_at = due_at or case.due_at
    case.awaits_person = False
    case.round += move == "redo"
    if move in ("accept", "redo"):  # what was answered on the spot is accepted when it is done again
        case.accepted_at = case.accepted_at or now
    case.closed_at = _end(case, now)
    case.row_version += 1
    fields = ("state", "holder_id", "due_at", "awaits_person", "round", "accepted_at", "closed_at", "row_version")
    values = {name: getattr(case, name) for name in fields}
    if not Case.objects.filter(pk=case.pk, row_version=seen).update(**values):
        raise StalePage(_("Case %(number)s was changed by somebody else in the meantime.") % {"number": case.number})
    audit.record(action, case, by=by, now=now, changes={"state": [before, case.state], **(changes or {})}, note=note)
    case_moved.send(Case, case=case, move=move, by=by, now=now, note=note)
    if state_told(case.state) not in (None, state_told(before)):
        owe_callback(case, STATE_CHANGED, now=now)
    if case.state == AWAITING_DISPATCH != before:
        tell_accepted([case.pk])
    return case


def move_cases(
    cases: Iterable[Case],
    move: str,
    *,
    action: str,
    by: Actor,
    now: datetime,
    holders: Mapping[int, int] | None = None,
    dues: Mapping[int, datetime] | None = None,
    versions: Mapping[int, int] | None = None,
    items: Mapping[int, int] | None = None,
    changes: Mapping[int, dict] | None = None,
    notes: Mapping[int, str] | None = None,
) -> list[Case]:
    """Make the same move for many locked cases with one UPDATE and one audit statement.

    `holders`, `dues`, `versions` (of the duty list, to dispatch under), `items` (for cases that have none yet),
    `changes` and `notes` are by case id. For moves that neither end nor reopen a case.
    """
    cases = list(cases)
    changes, notes, ids = changes or {}, notes or {}, [case.pk for case in cases]
    new = {"holder_id": holders or {}, "due_at": dues or {}, "item_version_id": versions or {}, "item_id": items or {}}
    rows = {case.pk: CASE.check(move, case) for case in cases}
    if not cases:
        return cases
    to_state = next(iter(rows.values())).to_state
    if to_state not in OPEN_STATES:
        raise ValueError(f"{move} ends or keeps a case: use move_case")
    given: list = [to_state, ids, [case.row_version for case in cases]]
    given += [[of.get(pk) for pk in ids] for of in new.values()]
    with connection.cursor() as cursor:
        cursor.execute(MOVE_MANY, given)
        if cursor.rowcount != len(cases):
            raise StalePage(_("Some of these cases were changed by somebody else in the meantime."))
    audit.record_many([_entry(case, to_state, action, changes, notes) for case in cases], by=by, now=now)
    moved = [case for case in cases if state_told(case.state) != state_told(to_state)]
    for case in cases:
        case.state, case.row_version, case.awaits_person = to_state, case.row_version + 1, False
        for name, of in new.items():
            setattr(case, name, of.get(case.pk) or getattr(case, name))
    owe_callbacks(moved, STATE_CHANGED, now=now)
    if to_state == AWAITING_DISPATCH:
        tell_accepted(ids)
    return cases


def tell_accepted(case_ids: list[int]) -> None:
    """After commit, tell whoever listens that these cases await dispatch."""
    transaction.on_commit(partial(case_accepted.send_robust, sender=Case, case_ids=case_ids), robust=True)


def _entry(case: Case, to_state: str, action: str, changes: Mapping, notes: Mapping) -> audit.Record:
    facts = {"state": [case.state, to_state], **changes.get(case.pk, {})}
    return audit.Record(action, case, facts, notes.get(case.pk, ""))


def _end(case: Case, now: datetime) -> datetime | None:
    """Return when the case ended: kept while it stays ended, dropped when it opens again."""
    if case.state in OPEN_STATES:
        return None
    return case.closed_at or (now if case.state in ENDED else None)

"""What people make of an early warning: true or a false alarm with the reason, an owner, what was done, its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.models import EarlyWarning
from analytics.workflow import WARNING
from grid import access
from grid.models import Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, StalePage
from shenzhen_gov.core.texts import checked_text

from .warning_notices import tell_owner

REASON_LIMIT, ACTION_LIMIT = 500, 1000


@transaction.atomic
def accept_warning(
    warning_id: int, *, reason: str, owner_unit_id: int | None, by: Actor, now: datetime, row_version: int | None = None
) -> EarlyWarning:
    """成立: the warning is true; the unit that is to do something about it is told.

    Raises BadInput(field="reason" or "owner_unit_id"), IllegalMove when it was judged already.
    """
    warning = _begin(warning_id, "accept", by, row_version)
    warning.owner_unit = _owner(owner_unit_id, warning, by)
    _judge(warning, reason, by, now)
    return _end(warning, "accept", "warning.accepted", by, now, note=warning.reason, owner=str(warning.owner_unit))


@transaction.atomic
def reject_warning(
    warning_id: int, *, reason: str, by: Actor, now: datetime, row_version: int | None = None
) -> EarlyWarning:
    """误报: a false alarm. It is judged again when its cases grow by the parameter warning.worse."""
    warning = _begin(warning_id, "reject", by, row_version)
    _judge(warning, reason, by, now)
    return _end(warning, "reject", "warning.rejected", by, now, note=warning.reason)


@transaction.atomic
def assign_warning(
    warning_id: int, *, owner_unit_id: int | None, by: Actor, now: datetime, row_version: int | None = None
) -> EarlyWarning:
    """Give a true warning to another unit, which is told."""
    warning = _begin(warning_id, "assign", by, row_version)
    warning.owner_unit, warning.owner = _owner(owner_unit_id, warning, by), None
    return _end(warning, "assign", "warning.assigned", by, now, owner=str(warning.owner_unit))


@transaction.atomic
def take_on_warning(warning_id: int, *, by: Actor, now: datetime, row_version: int | None = None) -> EarlyWarning:
    """Say that oneself sees to it."""
    warning = _begin(warning_id, "take_on", by, row_version)
    warning.owner = by.user
    return _end(warning, "take_on", "warning.taken_on", by, now)


@transaction.atomic
def record_action(
    warning_id: int, *, action: str, by: Actor, now: datetime, row_version: int | None = None
) -> EarlyWarning:
    """Write what was done about it; written again it replaces what stood there (the audit log keeps both)."""
    warning = _begin(warning_id, "act", by, row_version)
    warning.action = _words(action, ACTION_LIMIT, "action", _("Say what was done."))
    warning.acted_at, warning.acted_by = now, by.name[:120]
    return _end(warning, "act", "warning.acted", by, now, note=warning.action)


@transaction.atomic
def close_warning(warning_id: int, *, by: Actor, now: datetime, row_version: int | None = None) -> EarlyWarning:
    """End a warning about which something was done."""
    warning = _begin(warning_id, "close", by, row_version)
    warning.closed_at = now
    return _end(warning, "close", "warning.closed", by, now)


@transaction.atomic
def reopen_warning(
    warning_id: int, *, reason: str, by: Actor, now: datetime, row_version: int | None = None
) -> EarlyWarning:
    """Take a verdict back, so that the warning is judged again."""
    warning = _begin(warning_id, "reopen", by, row_version)
    note = _words(reason, REASON_LIMIT, "reason", _("Say why."))
    return _end(warning, "reopen", "warning.reopened", by, now, note=note)


def _begin(warning_id: int, move: str, by: Actor, row_version: int | None) -> EarlyWarning:
    """Return the warning, locked, for somebody who may make this move now."""
    rows = EarlyWarning.objects.select_for_update(of=("self",)).select_related("area", "owner_unit")
    warning = rows.filter(pk=warning_id).first()
    if warning is None:
        raise OutOfSight(_("Not found."))
    access.require(by, WARNING.moves[move].acts, warning)
    if row_version is not None and row_version != warning.row_version:
        raise StalePage(_("The warning has changed since this page was shown. Look at it again."))
    WARNING.check(move, warning)
    return warning


def _end(
    warning: EarlyWarning, move: str, action: str, by: Actor, now: datetime, *, note: str = "", **facts: Any
) -> EarlyWarning:
    """Keep the move with its record, and tell a new owner."""
    before = warning.state
    warning.state = WARNING.moves[move].to_state or before
    warning.row_version += 1
    warning.save()
    audit.record(action, warning, by=by, now=now, changes={"state": [before, warning.state], **facts}, note=note)
    if "owner" in facts:
        tell_owner(warning, now=now)
    return warning


def _judge(warning: EarlyWarning, reason: str, by: Actor, now: datetime) -> None:
    warning.reason = _words(reason, REASON_LIMIT, "reason", _("Say why: it teaches the detectors."))
    warning.judged_at, warning.judged_by, warning.judged_count = now, by.name[:120], warning.count


def _owner(unit_id: int | None, warning: EarlyWarning, by: Actor) -> Unit:
    """Return the unit that answers for the warning: at home in one of the areas around it."""
    around = [int(part) for part in warning.area.path.strip("/").split("/")]
    unit = Unit.objects.filter(pk=unit_id, home_area__in=around, closed_on=None).first() if unit_id else None
    if unit is None:
        raise BadInput(_("Choose the unit that is to do something about it."), field="owner_unit_id")
    return unit


def _words(text: str, limit: int, field: str, missing: str) -> str:
    words = checked_text(text, limit, field=field)
    if not words:
        raise BadInput(missing, field=field)
    return words

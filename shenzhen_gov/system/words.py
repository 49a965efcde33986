"""What the system page and its lists share: who may open them, and the words for states, actions and facts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from grid.access import administers
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.models import JobRun
from shenzhen_gov.core.templatetags.shell import chip

STATE_TONES = {JobRun.State.DONE: "ok", JobRun.State.FAILED: "bad", JobRun.State.RUNNING: "acc"}


def require_system_administrator(user) -> None:
    """Raise NotAllowed for anybody who does not administer the whole city: these pages know no territory."""
    if not administers(Actor.staff(user), None):
        raise NotAllowed(_("The state of the system is for administrators of the whole city."))


def state_chip(run: JobRun) -> str:
    """Return the chip of a run's state."""
    return chip(run.get_state_display(), STATE_TONES[JobRun.State(run.state)])


def action_text(code: str) -> str:
    """Return the words for an audit action."""
    return str(audit.ACTIONS.get(code, code))


def changes_text(changes: dict) -> str:
    """Return the facts of a step as lines: field: before → after."""
    lines = []
    for field, value in changes.items():
        is_pair = isinstance(value, list) and len(value) == 2
        lines.append(f"{field}: {value[0]} → {value[1]}" if is_pair else f"{field}: {value}")
    return "\n".join(lines)

"""The head of a theme as it is changed under way: title, who is in charge, plan, target and dates, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import ThemeTarget
from analytics.models import SpecialTheme
from analytics.workflow import RUNNING
from grid.services import send_message
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .themes import (
    NewStep,
    begin,
    check_target,
    find_indicator,
    find_lead,
    find_owner,
    needed,
    owner_of,
    page_of,
    write_step,
)

TOLD = ("title", "owner", "lead", "target", "indicator", "target_value", "target_on", "started_on")


@dataclass(frozen=True, kw_only=True)
class ThemeHead:
    """What may change: everything but where and about which items. `steps` are those not ticked off yet."""

    title: str
    owner_id: int
    target_value: Decimal
    target_on: date
    started_on: date
    target: str = ThemeTarget.FEWER.value
    indicator: str = ""
    lead_id: int | None = None
    steps: Sequence[NewStep] = ()


@transaction.atomic
def change_theme(
    theme_id: int, head: ThemeHead, *, reason: str, row_version: int | None = None, by: Actor, now: datetime
) -> SpecialTheme:
    """Change the head of a theme that is not over. Raises BadInput naming the field, IllegalMove, StalePage.

    Steps ticked off stay as they are; the others are those given. What was and what is stand in the audit log.
    """
    theme = begin(theme_id, "change", by, row_version)
    why = needed(reason, 500, "note")
    before, owner_before = _facts(theme), theme.owner_id
    _set(theme, head, by)
    check_target(theme, timezone.localdate(now))
    plan = _plan(theme, head.steps)
    changes: dict = {name: [before[name], value] for name, value in _facts(theme).items() if value != before[name]}
    changes |= {"plan": plan} if plan else {}
    if not changes:
        raise BadInput(_("Nothing is changed."), field="note")
    theme.row_version += 1
    theme.save()
    audit.record("theme.head_changed", theme, by=by, now=now, changes=changes, note=why)
    if theme.state == RUNNING and (theme.owner_id != owner_before or "lead" in changes):
        facts = {"title": theme.title, "due": theme.target_on.isoformat()}
        send_message("theme_started", [owner_of(theme)], facts=facts, now=now, link=page_of(theme))
    return theme


def _set(theme: SpecialTheme, head: ThemeHead, by: Actor) -> None:
    theme.title = needed(head.title, 120, "title")
    if head.owner_id != theme.owner_id:
        theme.owner = find_owner(head.owner_id, by)
    if head.lead_id != theme.lead_id:
        theme.lead = find_lead(head.lead_id)
    theme.target, theme.target_value = head.target, head.target_value
    theme.indicator = find_indicator(head.target, head.indicator)
    theme.target_on, theme.started_on = head.target_on, head.started_on


def _plan(theme: SpecialTheme, steps: Sequence[NewStep]) -> list[list[str]] | None:
    """Put the steps given in the place of those not ticked off; return both, or None where they are the same."""
    open_steps = list(theme.steps.filter(done_at=None))
    was = [_line(step.text, step.who, step.due_on) for step in open_steps]
    now = [_line(step.text.strip(), step.who.strip(), step.due_on) for step in steps]
    if sorted(was) == sorted(now):
        return None
    if theme.state == RUNNING and not now and not theme.steps.exclude(done_at=None).exists():
        raise BadInput(_("A theme under way has a plan: keep at least one step."), field="steps")
    theme.steps.filter(pk__in=[step.pk for step in open_steps]).delete()
    for step in steps:
        write_step(theme, step)
    return [was, now]


def _line(text: str, who: str, due_on: date) -> str:
    return f"{text} | {who} | {due_on.isoformat()}"


def _facts(theme: SpecialTheme) -> dict[str, str]:
    facts = {name: getattr(theme, name) for name in TOLD}
    facts["lead"] = theme.lead.username if theme.lead else ""
    facts["indicator"] = theme.indicator.code if theme.indicator else ""
    facts["target_value"] = f"{theme.target_value:.2f}"
    return {name: str(value) for name, value in facts.items()}

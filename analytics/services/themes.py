"""专项治理: opening a special theme, its plan and its end. What is linked and reviewed: themes_work.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import ThemeTarget
from analytics.models import EarlyWarning, Indicator, SpecialTheme, ThemeStep
from analytics.workflow import ACHIEVED, ENDED, JUDGE, RUNNING, THEME
from dutylist.models import Item
from grid import access
from grid.choices import Act
from grid.models import Area, Staff, Unit
from grid.services import Receiver, send_message
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.texts import checked_text

MOST_ITEMS, MOST_WORDS, MOST_STEPS = 50, 20, 50
LONGEST = timedelta(days=3 * 366)
MOST_PERCENT = 100


@dataclass(frozen=True)
class NewStep:
    """A step of a plan."""

    text: str
    who: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class NewTheme:
    """A special theme to be proposed. `target_value`: per cent fewer cases, or the value of `indicator`."""

    title: str
    area_id: int
    item_ids: Sequence[int]
    owner_id: int
    target_value: Decimal
    target_on: date
    started_on: date
    target: str = ThemeTarget.FEWER.value
    indicator: str = ""
    words: Sequence[str] = ()
    reason: str = ""
    lead_id: int | None = None
    warning_id: int | None = None
    steps: Sequence[NewStep] = ()
    is_sample: bool = False


@transaction.atomic
def open_theme(data: NewTheme, *, by: Actor, now: datetime) -> SpecialTheme:
    """Propose a special theme in an area. Raises BadInput naming the field; OutOfSight, NotAllowed by the area."""
    area = Area.objects.filter(pk=data.area_id).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    if by.kind != SYSTEM:
        access.require(by, JUDGE, area)
    theme = SpecialTheme(
        title=needed(data.title, 120, "title"), reason=checked_text(data.reason, 5_000, field="reason"),
        area=area, owner=find_owner(data.owner_id, by), lead=find_lead(data.lead_id), words=_words(data.words),
        indicator=find_indicator(data.target, data.indicator), target=data.target, target_value=data.target_value,
        target_on=data.target_on,
        started_on=data.started_on, warning=_warning(data.warning_id, by), is_sample=data.is_sample,
        opened_at=now, opened_by=by.name[:120],
    )  # fmt: skip
    check_target(theme, timezone.localdate(now))
    items = _items(data.item_ids)
    theme.save()
    theme.items.set(items)
    for step in data.steps[:MOST_STEPS]:
        write_step(theme, step)
    facts = {"area": area.name, "items": [item.code for item in items], "owner": theme.owner.name}
    audit.record("theme.opened", theme, by=by, now=now, changes=facts)
    return theme


@transaction.atomic
def move_theme(
    theme_id: int, move: str, *, outcome: str = "", row_version: int | None = None, by: Actor, now: datetime
) -> SpecialTheme:
    """Start a theme, or end it with what came of it. Raises IllegalMove, BadInput(field="outcome"), StalePage."""
    theme = begin(theme_id, move, by, row_version)
    before, theme.state = theme.state, THEME.moves[move].to_state or theme.state
    if theme.state in (ACHIEVED, ENDED):
        theme.outcome = needed(outcome, 500, "outcome")
        theme.ended_on = timezone.localdate(now)
    theme.row_version += 1
    theme.save()
    audit.record("theme.moved", theme, by=by, now=now, changes={"state": [before, theme.state]}, note=theme.outcome)
    if theme.state == RUNNING:
        facts = {"title": theme.title, "due": theme.target_on.isoformat()}
        send_message("theme_started", [owner_of(theme)], facts=facts, now=now, link=page_of(theme))
    return theme


def begin(theme_id: int, move: str, by: Actor, row_version: int | None = None) -> SpecialTheme:
    """Lock a theme and return it, once `by` may make the move."""
    themes = SpecialTheme.objects.select_for_update(of=("self",)).select_related("area", "owner")
    theme = themes.filter(pk=theme_id).first()
    if theme is None or move not in THEME.moves:
        raise OutOfSight(_("Not found."))
    if by.kind != SYSTEM:
        access.require(by, THEME.moves[move].acts, theme)
    if row_version is not None and row_version != theme.row_version:
        raise StalePage(_("Somebody changed the theme meanwhile; look at it again."))
    THEME.check(move, theme)
    return theme


def write_step(theme: SpecialTheme, step: NewStep) -> ThemeStep:
    """Keep a step of a locked theme."""
    if theme.steps.count() >= MOST_STEPS:
        raise BadInput(_("A plan has at most %(most)s steps.") % {"most": MOST_STEPS}, field="text")
    text, who = needed(step.text, 200, "text"), needed(step.who, 80, "who")
    if step.due_on < theme.started_on:
        raise BadInput(_("That day is before the first day of the theme."), field="due_on")
    return ThemeStep.objects.create(theme=theme, text=text, who=who, due_on=step.due_on)


def owner_of(theme: SpecialTheme) -> Receiver:
    """Return who is told: the person in charge, else whoever handles cases at the unit in charge."""
    if theme.lead_id:
        return Receiver(user_id=theme.lead_id)
    return Receiver(unit_id=theme.owner_id, act=Act.HANDLE_CASE.value)


def page_of(theme: SpecialTheme) -> str:
    """Return the address of a theme."""
    return f"/analytics/themes/{theme.pk}/"


@THEME.need("has_plan")
def _has_plan(theme) -> str | None:
    """A theme starts once there is a plan: at least one step."""
    return None if theme.steps.exists() else _("Write at least one step of the plan first.")


def check_target(theme: SpecialTheme, today: date) -> None:
    """Raise BadInput naming the field where the days or the value of the target make no sense."""
    if theme.started_on < today - LONGEST or theme.started_on > today + LONGEST:
        raise BadInput(_("The first day lies too far away."), field="started_on")
    if not theme.started_on < theme.target_on <= theme.started_on + LONGEST:
        raise BadInput(_("The target is reached after the first day, and within three years."), field="target_on")
    if not 0 < theme.target_value <= MOST_PERCENT and theme.target == ThemeTarget.FEWER:
        raise BadInput(_("By 1 to 100 per cent."), field="target_value")
    if not 0 <= theme.target_value < 10**6:
        raise BadInput(_("This is no value of an indicator."), field="target_value")


def find_indicator(target: str, code: str) -> Indicator | None:
    """Return the indicator of a target that is one. Raises BadInput(field="indicator")."""
    if target == ThemeTarget.FEWER:
        return None
    found = Indicator.objects.filter(code=code, is_active=True).first()
    if target != ThemeTarget.INDICATOR or found is None:
        raise BadInput(_("Choose the indicator that shall reach the value."), field="indicator")
    return found


def _items(ids: Sequence[int]) -> list[Item]:
    wanted = set(ids)
    if not 0 < len(wanted) <= MOST_ITEMS:
        raise BadInput(_("Name 1 to %(most)s duty items.") % {"most": MOST_ITEMS}, field="items")
    found = list(Item.objects.filter(pk__in=wanted).order_by("code"))
    if len(found) != len(wanted):
        raise BadInput(_("There is no such duty item."), field="items")
    return found


def find_owner(unit_id: int, by: Actor) -> Unit:
    """Return the open unit that shall be in charge. Raises BadInput(field="owner")."""
    unit = Unit.objects.filter(pk=unit_id, closed_on=None).first()
    if unit is None or (by.kind != SYSTEM and not access.can_see(by.user, unit)):
        raise BadInput(_("There is no unit of this name in your sight."), field="owner")
    return unit


def find_lead(user_id: int | None) -> Staff | None:
    """Return the person that shall be in charge, None for nobody. Raises BadInput(field="lead")."""
    if user_id is None:
        return None
    found = Staff.objects.filter(pk=user_id, is_active=True).first()
    if found is None:
        raise BadInput(_("There is nobody of this name."), field="lead")
    return found


def _warning(warning_id: int | None, by: Actor) -> EarlyWarning | None:
    if warning_id is None:
        return None
    found = EarlyWarning.objects.filter(pk=warning_id).select_related("area").first()
    if found is None or (by.kind != SYSTEM and not access.can_see(by.user, found)):
        raise NotAllowed(_("That warning is not in your sight."))
    return found


def _words(words: Sequence[str]) -> list[str]:
    kept = [word for word in (checked_text(word, 30, field="words") for word in words) if word]
    if len(kept) > MOST_WORDS:
        raise BadInput(_("At most %(most)s words.") % {"most": MOST_WORDS}, field="words")
    return list(dict.fromkeys(kept))


def needed(text: str, limit: int, field: str) -> str:
    """Return a text that must be there. Raises BadInput naming the field."""
    found = checked_text(text, limit, field=field)
    if not found:
        raise BadInput(_("This is needed."), field=field)
    return found

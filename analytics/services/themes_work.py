"""What is done on a special theme: steps, single cases, batches of the duty list, and the review of each month."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import SpecialTheme, ThemeCase, ThemeReview, ThemeStep
from dutylist.models import Batch
from grid import access
from grid.services import send_message
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .themes import NewStep, begin, owner_of, page_of, write_step

MOST_CASES = 500
MOST_AT_ONCE = 200
LAST_SAFE_DAY = 28  # every month has it


@transaction.atomic
def add_step(theme_id: int, step: NewStep, *, by: Actor, now: datetime) -> ThemeStep:
    """Write a step into the plan. Raises BadInput naming the field."""
    theme = begin(theme_id, "plan", by)
    written = write_step(theme, step)
    audit.record("theme.planned", theme, by=by, now=now, changes={"step": written.text, "due_on": str(written.due_on)})
    return written


@transaction.atomic
def do_step(step_id: int, *, by: Actor, now: datetime) -> ThemeStep:
    """Tick a step off; ticked already it stays as it is."""
    theme = begin(_theme_of(ThemeStep, step_id), "report", by)
    step = theme.steps.get(pk=step_id)
    if step.done_at is None:
        step.done_at, step.done_by = now, by.name[:120]
        step.save()
        audit.record("theme.step_done", theme, by=by, now=now, changes={"step": step.text})
    return step


@transaction.atomic
def link_case(theme_id: int, number: str, *, by: Actor, now: datetime) -> ThemeCase:
    """Link one case by its number. Raises BadInput(field="number") for one that is not in sight."""
    theme = begin(theme_id, "plan", by)
    case = Case.objects.filter(number=checked_text(number, 40, field="number").upper()).first()
    if case is None or (by.kind != SYSTEM and not access.can_see(by.user, case)):
        raise BadInput(_("There is no case of this number in your sight."), field="number")
    if theme.links.count() >= MOST_CASES:
        raise BadInput(_("At most %(most)s cases can be linked.") % {"most": MOST_CASES}, field="number")
    linked, is_new = ThemeCase.objects.get_or_create(
        theme=theme, case=case, defaults={"linked_at": now, "linked_by": by.name[:120]}
    )
    if is_new:
        audit.record("theme.case_linked", theme, by=by, now=now, changes={"case": case.number})
    return linked


@transaction.atomic
def unlink_case(theme_id: int, case_id: int, *, by: Actor, now: datetime) -> None:
    """Take a case out again."""
    theme = begin(theme_id, "plan", by)
    link = theme.links.filter(case=case_id).select_related("case").first()
    if link is None or (by.kind != SYSTEM and not access.can_see(by.user, link.case)):
        raise OutOfSight(_("Not found."))
    audit.record("theme.case_unlinked", theme, by=by, now=now, changes={"case": link.case.number})
    link.delete()


@transaction.atomic
def link_batch(theme_id: int, number: str, *, by: Actor, now: datetime) -> Batch:
    """Link a batch of changes of the duty list by its number. Raises BadInput(field="number")."""
    theme = begin(theme_id, "plan", by)
    batch = Batch.objects.filter(number=checked_text(number, 20, field="number")).select_related("owner_area").first()
    if batch is None or (by.kind != SYSTEM and not access.can_see(by.user, batch)):
        raise BadInput(_("There is no batch of this number in your sight."), field="number")
    if not theme.batches.filter(pk=batch.pk).exists():
        theme.batches.add(batch)
        audit.record("theme.batch_linked", theme, by=by, now=now, changes={"batch": batch.number})
    return batch


@transaction.atomic
def write_review(review_id: int, text: str, *, by: Actor, now: datetime) -> ThemeReview:
    """Write the review of a month, or write it anew. Raises BadInput(field="text")."""
    theme = begin(_theme_of(ThemeReview, review_id), "report", by)
    review = theme.reviews.get(pk=review_id)
    said = checked_text(text, 5_000, field="text")
    if not said:
        raise BadInput(_("Say what was done, what it brought, and what comes next."), field="text")
    before, review.text = review.text, said
    review.written_at, review.written_by = now, by.name[:120]
    review.save()
    changes = {"month": str(review.month), "text": [before, said]}
    audit.record("theme.reviewed", theme, by=by, now=now, changes=changes)
    return review


def ask_reviews(*, by: Actor, now: datetime) -> int:
    """Ask for the review of the month that is over, of every theme under way in it; returns how many were asked for.

    Each in a transaction of its own, once: run twice or killed half-way, nobody is told twice.
    """
    today = timezone.localdate(now)
    month = _month_before(today)
    running = SpecialTheme.objects.running().filter(started_on__lt=today.replace(day=1))
    running = running.exclude(pk__in=ThemeReview.objects.filter(month=month).values("theme"))
    ids = list(running.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_ask_review(theme_id, month, by=by, now=now) for theme_id in ids)


@transaction.atomic
def _ask_review(theme_id: int, month: date, *, by: Actor, now: datetime) -> bool:
    theme = SpecialTheme.objects.running().select_for_update(skip_locked=True).filter(pk=theme_id).first()
    if theme is None:
        return False
    today = timezone.localdate(now)
    due_on = max(today, today.replace(day=min(get_parameter("theme.review_day", today), LAST_SAFE_DAY)))
    review, is_new = ThemeReview.objects.get_or_create(theme=theme, month=month, defaults={"due_on": due_on})
    if is_new:
        facts = {"title": theme.title, "month": f"{month:%Y-%m}", "due": due_on.isoformat()}
        send_message("theme_review_due", [owner_of(theme)], facts=facts, now=now, link=page_of(theme))
        audit.record("theme.review_asked", theme, by=by, now=now, changes={"month": str(month), "due_on": str(due_on)})
    return is_new


def _month_before(day: date) -> date:
    return day.replace(day=1, month=day.month - 1) if day.month > 1 else date(day.year - 1, 12, 1)


def _theme_of(model, pk: int) -> int:
    found = model.objects.filter(pk=pk).values_list("theme", flat=True).first()
    if found is None:
        raise OutOfSight(_("Not found."))
    return found

"""Background work of intake: takes no decision itself, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from shenzhen_gov.core.actor import Actor

from . import services


@shared_task
def finish_leads() -> int:
    """Close the leads whose cases have ended; swept every minute."""
    by, finished = Actor.system("finish_leads"), 0
    while (done := services.finish_leads(by=by, now=timezone.now())) > 0:
        finished += done
    return finished


@shared_task
def tidy_desks() -> int:
    """Delete drafts nobody touched for days, and who had a case open long ago; swept every minute."""
    now = timezone.now()
    return services.expire_drafts(today=timezone.localdate(now)) + services.forget_present(now=now)


@shared_task
def forget_tallies() -> int:
    """Delete what was counted for budgets whose time is over."""
    return services.forget_tallies(now=timezone.now())

"""Background work of grid: takes no decision itself, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import run_job

from . import services
from .services.exports import make_exports as write_exports
from .services.place_imports import run_imports
from .services.rentals import plan_some, plans_to_make


@shared_task
def deliver_messages() -> int:
    """Send what waits; woken by every message and swept every minute."""
    tried = 0
    while (done := services.deliver_messages(now=timezone.now())) > 0:
        tried += done
    return tried


@shared_task
def make_exports() -> int:
    """Write the long lists that somebody waits for, forget old files; woken by each and swept every minute."""
    return write_exports(now=timezone.now())


@shared_task
def forget_messages() -> int:
    """Delete old messages."""
    return services.forget_messages(now=timezone.now())


@shared_task
def keep_rounds() -> int:
    """Make the rounds of the day that are not made yet, end those whose time is over; swept every minute."""
    done = 0
    for step in (services.make_rounds, services.end_rounds):
        while (count := step(now=timezone.now())) > 0:
            done += count
    return done


@shared_task
def plan_visits() -> int:
    """Plan the visits of the communities whose plan is not of today; swept every minute, seen while it runs."""
    by, done = Actor.system("plan_visits"), 0
    with run_job("plan_visits", by=by, now=timezone.now(), quiet=True) as job:
        total = plans_to_make(timezone.now()).count()
        while (planned := plan_some(now=timezone.now())) > 0:
            done += planned
            job.progress(done, max(done, total))
    return done


@shared_task
def import_places() -> int:
    """Import the buildings, rooms and outlines that wait; woken by each and swept every minute."""
    return run_imports(now=timezone.now())

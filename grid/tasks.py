"""Background work of grid: takes no decision itself, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task
def deliver_messages() -> int:
    """Send what waits; woken by every message and swept every minute."""
    tried = 0
    while (done := services.deliver_messages(now=timezone.now())) > 0:
        tried += done
    return tried


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

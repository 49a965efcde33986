"""Background work of dispatch: takes no decision itself, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from shenzhen_gov.core.actor import Actor

from . import services


@shared_task
def pick_up() -> int:
    """Dispatch everything that waits, batch after batch; woken by every accepted case and swept every minute."""
    by, looked_at = Actor.system("pick_up"), 0
    while (done := services.dispatch_awaiting(by=by, now=timezone.now()).total) > 0:
        looked_at += done
    return looked_at

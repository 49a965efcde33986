"""Background work of the duty list: takes no decision itself, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from grid import services as grid
from shenzhen_gov.core.actor import Actor

from . import services


@shared_task
def publish_due() -> int:
    """Publish every approved batch whose day has come; swept every minute."""
    return services.publish_due(by=Actor.system("publish_due"), now=timezone.now())


@shared_task
def carry_out_recuts() -> int:
    """Cut the areas whose day has come, then let their buildings follow, batch after batch; swept every minute."""
    by = Actor.system("recut")
    done = services.carry_out_due_recuts(by=by, now=timezone.now())
    while grid.move_buildings(by=by, now=timezone.now()) > 0:
        pass
    return done


@shared_task
def carry_out_plans() -> int:
    """Carry out every institutional change whose day has come and whose batches are published; swept every minute."""
    return services.carry_out_due(by=Actor.system("unit_plans"), now=timezone.now())

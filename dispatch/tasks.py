"""Background work of dispatch: takes no decision itself, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import run_job

from . import services
from .services.assigning import BATCH


@shared_task
def pick_up() -> int:
    """Dispatch what waits, batch after batch; woken by every accepted case and swept every minute.

    Ends with a batch that is not full: what was accepted meanwhile wakes it again, half a second later and together.
    Going on while anything waits would take cases one by one in a burst, at five times the cost.
    """
    by, looked_at = Actor.system("pick_up"), 0
    while (done := services.dispatch_awaiting(by=by, now=timezone.now(), limit=BATCH).total) == BATCH:
        looked_at += done
    return looked_at + done


@shared_task
def follow_batches() -> int:
    """Let the open cases of published batches have their turn; woken by the publishing and swept every minute."""
    by, followed = Actor.system("follow_batches"), 0
    with run_job("follow_batches", by=by, now=timezone.now(), quiet=True) as job:
        services.begin_following(by=by, now=timezone.now())
        while (done := services.follow_some(by=by, now=timezone.now())) > 0:
            followed += done
            job.progress(followed)
    return followed


@shared_task
def run_replays() -> int:
    """Make the replays of drafts and rules that were asked for; woken by whoever asks and swept every minute."""
    by, made = Actor.system("replay"), 0
    while services.run_replay(by=by, now=timezone.now()) or services.run_rule_replay(by=by, now=timezone.now()):
        made += 1
    return made


@shared_task
def keep_rules() -> int:
    """Retire rules whose successor holds now and fold what was counted of them; swept every minute."""
    services.fold_rule_hits(now=timezone.now())
    return services.retire_rules(by=Actor.system("keep_rules"), now=timezone.now())


@shared_task
def rehome() -> int:
    """Let the open cases of areas cut anew follow, then give the open work of closed units to their heirs; swept."""
    by, moved = Actor.system("rehome"), 0
    while (done := services.follow_recuts(by=by, now=timezone.now())) > 0:
        moved += done
    while (done := services.rehome_some(by=by, now=timezone.now())) > 0:
        moved += done
    return moved


@shared_task
def wake_cases() -> int:
    """Let cases on hold go on whose day has come; swept every minute."""
    by, woken = Actor.system("wake"), 0
    while services.wake_next(by=by, now=timezone.now()) is not None:
        woken += 1
    return woken


@shared_task
def deliver_exchange() -> int:
    """Send what other platforms are owed; woken by every message and swept every minute.

    A platform that cannot be reached is left alone until the next run, so that it does not hold up the others.
    """
    by, sent = Actor.system("exchange"), 0
    away: set[int] = set()
    while (one := services.deliver_next(by=by, now=timezone.now(), but_peers=away)) is not None:
        sent += 1
        if not one.reached:
            away.add(one.peer_id)
    return sent


@shared_task
def tidy_dispatch_desk() -> int:
    """Forget which cases lay before whom long ago; swept every minute."""
    return services.forget_claims(now=timezone.now())


@shared_task
def count_outcomes() -> int:
    """Count confirmed cases into the cells of the gate; woken by every decision of a person, swept every minute."""
    counted = 0
    while (done := services.count_outcomes(now=timezone.now())) > 0:
        counted += done
    return counted


@shared_task
def redo() -> int:
    """Take up again what was not good and could not be at once; swept every minute."""
    return services.redo_some(now=timezone.now())


@shared_task
def archive() -> int:
    """Archive the cases whose time to evaluate is over; swept every minute."""
    by, archived = Actor.system("archive"), 0
    while (done := services.archive_some(by=by, now=timezone.now())) > 0:
        archived += done
    return archived


@shared_task
def tell_accepted() -> int:
    """Tell citizens that their requests were taken on; swept every minute."""
    by, looked_at = Actor.system("tell_accepted"), 0
    while (done := services.tell_accepted(by=by, now=timezone.now())) > 0:
        looked_at += done
    return looked_at


@shared_task
def doubt_closings() -> int:
    """Look for closings that may be none, among new cases and new reports; swept every minute."""
    looked_at = 0
    for look in (services.compare_some, services.scan_some):
        while (done := look(now=timezone.now())) > 0:
            looked_at += done
    return looked_at


@shared_task
def escalate() -> int:
    """Say up the line what is nearly or quite over, page after page; swept every minute."""
    by, looked_at, after = Actor.system("escalation"), 0, None
    with run_job("escalate", by=by, now=timezone.now(), quiet=True) as job:
        services.start_waiting(now=timezone.now())
        while (page := services.escalate(by=by, now=timezone.now(), after=after)).after is not None:
            looked_at, after = looked_at + page.clocks, page.after
            job.progress(looked_at)
        services.tell_escalations(now=timezone.now())
        services.publish_due(by=by, now=timezone.now())
    return looked_at


@shared_task
def refresh_weeks() -> int:
    """Make the weekly figures of dispatch, once a day; looked at every minute."""
    return services.refresh_weeks(by=Actor.system("dispatch_weeks"), now=timezone.now())


@shared_task
def ask_opinions() -> int:
    """Ask the language model, if there is one, about cases that wait for a dispatcher; swept every minute."""
    return services.ask_opinions(now=timezone.now())

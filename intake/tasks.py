"""Background work of intake: takes no decision itself, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import run_job

from . import services
from .services import article_care

QUIETLY_INDEXED = 10_000  # more at once (after an import) is shown as a job run


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


@shared_task
def index_texts() -> int:
    """Let the latest cases be found by their words; swept every minute. A search looks through the rest itself."""
    indexed = 0
    with run_job("index_texts", now=timezone.now(), quiet=True) as job:
        while (done := services.index_texts()) > 0:
            indexed += done
            if indexed > QUIETLY_INDEXED:
                job.progress(indexed)
    return indexed


@shared_task
def deliver_callbacks() -> int:
    """Send channels what they are owed, and forget what arrived long ago; woken by every row and swept every minute."""
    tried = 0
    while (done := services.deliver_some(now=timezone.now())) > 0:
        tried += done
    services.forget_delivered(now=timezone.now())
    return tried


@shared_task
def run_retention() -> int:
    """Count or anonymise old personal data where somebody asked for it, or its day has come; swept every minute."""
    return services.run_retention(by=Actor.system("retention"), now=timezone.now())


@shared_task
def scan_files() -> int:
    """Let the virus scanner see the files that were taken without it; swept every minute."""
    return services.scan_files(by=Actor.system("scan_files"), now=timezone.now())


@shared_task
def keep_articles() -> int:
    """Take articles offline the day after their last, and count new uses; swept every minute."""
    by, done = Actor.system("keep_articles"), 0
    while (expired := article_care.expire_articles(by=by, now=timezone.now())) > 0:
        done += expired
    while (counted := article_care.count_uses()) > 0:
        done += counted
    return done


@shared_task
def follow_recuts() -> int:
    """Let QR points and leads follow a re-cut of areas, batch after batch; swept every minute."""
    moved = 0
    while (done := services.follow_recuts()) > 0:
        moved += done
    return moved

"""Background work of the mechanisms."""

from celery import shared_task
from django.utils import timezone

from . import jobs, sealing


@shared_task
def seal_audit() -> int:
    """Seal what ended since the last minute; a failure shows as a failed job run."""
    now = timezone.now()
    with jobs.run_job("seal_audit", now=now, quiet=True) as job:
        entries = sum(seal.entries for seal in sealing.seal(now))
        job.result["entries"] = entries
    return entries


@shared_task
def reap_jobs() -> int:
    """Show job runs as failed whose process died."""
    return jobs.reap(timezone.now())

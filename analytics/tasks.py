"""Background work of analytics: looks at what is due, safe to run twice, at any moment, anywhere."""

from celery import shared_task
from django.utils import timezone

from shenzhen_gov.core.actor import Actor

from . import services
from .services import ledger


@shared_task
def refresh_radar() -> int:
    """Look through the duty list at night, or when somebody asked for it; returns how much was found."""
    refreshed = services.refresh_due(by=Actor.system("radar"), now=timezone.now())
    return refreshed.found if refreshed else 0


@shared_task
def refresh_figures() -> int:
    """Bring the figures up to date, or make them from scratch when that was asked for; returns the cases looked at."""
    return services.refresh_figures(by=Actor.system("figures"), now=timezone.now())


@shared_task
def make_reports() -> int:
    """Make the reports whose hour has come and tell their readers; returns how many."""
    return services.make_due_reports(by=Actor.system("reports"), now=timezone.now())


@shared_task
def ask_theme_reviews() -> int:
    """Ask for the reviews of special themes when a month is over; returns how many."""
    return services.ask_reviews(by=Actor.system("themes"), now=timezone.now())


@shared_task
def detect_warnings() -> int:
    """Let the detectors of early warnings look whose hour has come; returns how many warnings were found."""
    return services.detect_due(by=Actor.system("detectors"), now=timezone.now())


@shared_task
def watch_risks() -> int:
    """Read what came in for risk words; returns how many warnings were found or grew."""
    return services.watch_risks(by=Actor.system("risk_words"), now=timezone.now())


@shared_task
def freeze_months() -> int:
    """Freeze the months of the assessment that were asked for; returns how many were."""
    return ledger.freeze_due(by=Actor.system("ledger"), now=timezone.now())

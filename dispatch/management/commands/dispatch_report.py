"""`manage.py dispatch_report`: the weekly figures of dispatch, computed for the weeks asked for and printed."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from dispatch.models import DispatchWeek
from dispatch.services import make_weeks

NAMES = ("first_right", "automatic", "automatic_kept", "audited_right", "top1", "top3", "top5", "agent_took", "unseen")


class Command(BaseCommand):
    """Makes the rows that the page reads; safe to run again."""

    help = "Compute the weekly dispatch report (city and districts) and print it."

    def add_arguments(self, parser) -> None:
        """Take the number of weeks."""
        parser.add_argument("--weeks", type=int, default=6, help="how many weeks, this one included (default 6)")

    def handle(self, *args, **options) -> None:
        """Compute and print: part/of of every figure."""
        now = timezone.now()
        today = timezone.localdate(now)
        make_weeks(today - timedelta(days=7 * (max(1, options["weeks"]) - 1)), today, now=now)
        newest = DispatchWeek.objects.filter(made_at=now).select_related("area").order_by("monday", "area__code")
        for week in newest:
            pairs = ((name, week.figures.get(name, (0, 0))) for name in NAMES)
            told = "  ".join(f"{name} {part}/{of}" for name, (part, of) in pairs)
            self.stdout.write(f"{week.monday} {week.area}  {told}")

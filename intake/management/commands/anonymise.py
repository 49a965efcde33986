"""`manage.py anonymise`: take old personal data away by the parameters retention.*; with --preview only count it."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from intake.choices import RetentionKind
from intake.models import RetentionRun
from intake.services import ask_retention, run_retention
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused


class Command(BaseCommand):
    """The same run as on the page of old personal data; a fresh preview must come first."""

    help = __doc__

    def add_arguments(self, parser):
        """Add --preview."""
        parser.add_argument("--preview", action="store_true", help="count, change nothing")

    def handle(self, *args, **options):
        """Ask for the run and work it off."""
        by, now = Actor.system("anonymise"), timezone.now()
        kind = RetentionKind.PREVIEW if options["preview"] else RetentionKind.CARRY_OUT
        try:
            run = ask_retention(kind, by=by, now=now)
        except Refused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(1) from refusal
        run_retention(by=by, now=now)
        result = RetentionRun.objects.get(pk=run.pk).result
        for year, row in sorted(result["years"].items()):
            self.stdout.write(
                "{}  citizens {citizens}  cases {cases}  files {files} ({bytes} bytes)".format(year, **row)
            )
        self.stdout.write(f"calls {result['calls']}  e.g. {', '.join(result['samples'])}")

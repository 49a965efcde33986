"""`manage.py load_articles`: add the sample articles of the knowledge base that are missing. Never in production."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.files import ARTICLE_COLUMNS, DATA, read_articles
from intake.services.article_loading import load_articles
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused


class Command(BaseCommand):
    """Load articles as samples; what is there stays as it is."""

    help = "Load sample articles from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        default = DATA / "sample_articles.csv"
        parser.add_argument("path", nargs="?", type=Path, default=default, help=",".join(ARTICLE_COLUMNS))

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        if not settings.SAMPLE_SETUP:
            raise CommandError("Sample data is refused: these settings are not of a sample set-up.")
        now = timezone.now()
        try:
            rows = read_articles(options["path"], valid_from=timezone.localdate(now))
            added = load_articles(rows, is_sample=True, by=Actor.system("load_articles"), now=now)
        except Refused as error:
            raise CommandError(f"{options['path']}: {error}") from error
        text = _("Articles: %(added)s added, %(all)s in the file.")
        self.stdout.write(text % {"added": len(added), "all": len(rows)})

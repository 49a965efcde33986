"""`manage.py load_themes`: add the themes of the enterprise zone that are missing, and say what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.files import DATA
from intake.public_files import THEME_COLUMNS, read_themes
from intake.services import load_themes
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load the themes; what an administrator changed stays, unless told otherwise."""

    help = "Load the themes of the enterprise zone from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        parser.add_argument(
            "path", nargs="?", type=Path, default=DATA / "sample_themes.csv", help=",".join(THEME_COLUMNS)
        )
        parser.add_argument("--overwrite", action="store_true", help="also change themes that are there already")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        by = Actor.system("load_themes")
        try:
            rows = read_themes(options["path"])
            changes = load_themes(rows, overwrite=options["overwrite"], by=by, now=timezone.now())
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        for change in changes:
            self.stdout.write(change)
        text = _("Themes: %(changed)s changed, %(all)s in the file.")
        self.stdout.write(text % {"changed": len(changes), "all": len(rows)})

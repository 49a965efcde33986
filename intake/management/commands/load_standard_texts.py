"""`manage.py load_standard_texts`: add the standard texts of a CSV that are missing, and say what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.files import DATA, STANDARD_TEXT_COLUMNS, read_standard_texts
from intake.services import load_standard_texts
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load the standard texts; what an administrator changed stays, unless told otherwise."""

    help = "Load the standard texts from a CSV file (default: the sample shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        columns = ",".join(STANDARD_TEXT_COLUMNS)
        parser.add_argument("path", nargs="?", type=Path, default=DATA / "standard_texts.csv", help=columns)
        parser.add_argument("--overwrite", action="store_true", help="also change texts that are there already")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        try:
            rows = read_standard_texts(options["path"])
            changes = load_standard_texts(
                rows, overwrite=options["overwrite"], by=Actor.system("load_standard_texts"), now=timezone.now()
            )
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        for change in changes:
            self.stdout.write(change)
        text = _("Standard texts: %(changed)s changed, %(all)s in the file.")
        self.stdout.write(text % {"changed": len(changes), "all": len(rows)})

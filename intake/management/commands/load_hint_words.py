"""`manage.py load_hint_words`: add the words of a CSV that speak for an urgency or a kind of request."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.files import DATA
from intake.services.hint_words import load_hint_words
from intake.word_files import HINT_COLUMNS, read_hint_words
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load the hint words; what an administrator changed stays, unless told otherwise."""

    help = "Load hint words from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        parser.add_argument("path", nargs="?", type=Path, default=DATA / "hint_words.csv", help=",".join(HINT_COLUMNS))
        parser.add_argument("--overwrite", action="store_true", help="also change words that are there already")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        by, now = Actor.system("load_hint_words"), timezone.now()
        try:
            rows = read_hint_words(options["path"])
            changed = load_hint_words(rows, overwrite=options["overwrite"], by=by, now=now)
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        text = _("Hint words: %(changed)s changed, %(all)s in the file.")
        self.stdout.write(text % {"changed": changed, "all": len(rows)})

"""`manage.py load_place_names`: add the names of places of a CSV that are missing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.files import DATA
from intake.services.place_names import load_place_names
from intake.word_files import PLACE_COLUMNS, read_place_names
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load estates, roads, buildings, stations; what an administrator changed stays, unless told otherwise."""

    help = "Load names of places from a CSV file (default: the sample that is shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        default = DATA / "sample_place_names.csv"
        parser.add_argument("path", nargs="?", type=Path, default=default, help=",".join(PLACE_COLUMNS))
        parser.add_argument("--overwrite", action="store_true", help="also change names that are there already")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        by, now = Actor.system("load_place_names"), timezone.now()
        try:
            rows = read_place_names(options["path"])
            done = load_place_names(rows, overwrite=options["overwrite"], by=by, now=now)
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        text = _("Place names: %(added)s added, %(changed)s changed, %(all)s in the file.")
        self.stdout.write(text % {"added": done.added, "changed": done.changed, "all": len(rows)})

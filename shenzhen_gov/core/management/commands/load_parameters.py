"""`manage.py load_parameters`: add the shipped parameters that are missing, and say what was added."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.parameter_files import COLUMNS, load_parameters, read_parameters, shipped_files


class Command(BaseCommand):
    """Load parameters; values that somebody set stay as they are."""

    help = "Load the parameters of every app (or the files named). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the files."""
        parser.add_argument("paths", nargs="*", type=Path, help=f"CSV: {','.join(COLUMNS)}")

    def handle(self, *args, **options) -> None:
        """Read all, check all, write, report. CommandError names file, row and column; nothing is written then."""
        rows = []
        for path in options["paths"] or shipped_files():
            try:
                rows += read_parameters(path)
            except BadInput as error:
                raise CommandError(f"{path}: {error}") from error
        told = load_parameters(rows, by=Actor.system("load_parameters"), now=timezone.now())
        for line in told:
            self.stdout.write(line)
        added = sum(line.startswith("+") for line in told)
        self.stdout.write(_("Parameters: %(added)s added, %(all)s shipped.") % {"added": added, "all": len(rows)})

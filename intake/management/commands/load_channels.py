"""`manage.py load_channels`: add the channels of a CSV that are missing, and say what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.files import CHANNEL_COLUMNS, DATA, read_channels
from intake.services import load_channels
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load the channels; what an administrator changed stays, unless told otherwise."""

    help = "Load the channels from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        parser.add_argument("path", nargs="?", type=Path, default=DATA / "channels.csv", help=",".join(CHANNEL_COLUMNS))
        parser.add_argument("--overwrite", action="store_true", help="also change channels that are there already")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        try:
            rows = read_channels(options["path"])
            changes = load_channels(
                rows, overwrite=options["overwrite"], by=Actor.system("load_channels"), now=timezone.now()
            )
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        for change in changes:
            self.stdout.write(change)
        text = _("Channels: %(changed)s changed, %(all)s in the file.")
        self.stdout.write(text % {"changed": len(changes), "all": len(rows)})

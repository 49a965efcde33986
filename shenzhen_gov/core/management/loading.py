"""The command that brings a small table in line with a CSV file: read all, check all, write, say what changed.

Example::

    class Command(LoadCommand):
        \"\"\"Load the channels; what an administrator changed stays, unless told otherwise.\"\"\"

        help = "Load the channels from a CSV file (default: the one shipped). Safe to run again."
        path, columns = DATA / "channels.csv", CHANNEL_COLUMNS
        read, load = staticmethod(read_channels), staticmethod(load_channels)
        told = _("Channels: %(changed)s changed, %(all)s in the file.")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.functional import Promise

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class LoadCommand(BaseCommand):
    """Idempotent; rows that are there may have been edited and stay, unless --overwrite is given."""

    path: Path
    columns: Sequence[str]
    read: Callable[[Path], Sized]  # raises BadInput naming row and column
    load: Callable[..., Sequence[str]]  # (rows, overwrite=, by=, now=) → what changed, a line each
    told: str | Promise

    def add_arguments(self, parser) -> None:
        """Take the file."""
        parser.add_argument("path", nargs="?", type=Path, default=self.path, help=",".join(self.columns))
        parser.add_argument("--overwrite", action="store_true", help="also change rows that are there already")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        by = Actor.system(type(self).__module__.rpartition(".")[2])
        try:
            rows = self.read(options["path"])
            changes = self.load(rows, overwrite=options["overwrite"], by=by, now=timezone.now())
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        for change in changes:
            self.stdout.write(change)
        self.stdout.write(str(self.told) % {"changed": len(changes), "all": len(rows)})

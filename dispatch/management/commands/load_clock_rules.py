"""`manage.py load_clock_rules`: enter the time limits from a CSV file; what is there already stays as it is."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dispatch.services import load_clock_rules
from shenzhen_gov.core.csv_files import read_rows
from shenzhen_gov.core.exceptions import Refused

DEFAULT = Path(__file__).resolve().parents[2] / "data" / "clock_rules.csv"

COLUMNS = [
    "kind", "request_type", "urgency", "channel", "item", "level", "redo", "amount", "unit", "effective_from", "source",
]  # fmt: skip


class Command(BaseCommand):
    """Idempotent; one bad row refuses the whole file."""

    help = __doc__

    def add_arguments(self, parser):
        """Declare the arguments."""
        parser.add_argument("path", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args, path, **options):
        """Read and enter."""
        try:
            added, unchanged = load_clock_rules(list(read_rows(path, COLUMNS)))
        except Refused as refusal:
            raise CommandError(f"{path.name}: {refusal}") from refusal
        self.stdout.write(f"time limits: {added} added, {unchanged} unchanged")

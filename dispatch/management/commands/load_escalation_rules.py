"""`manage.py load_escalation_rules`: enter the escalation rules from a CSV file; what is there already stays."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dispatch.services import load_escalation_rules
from shenzhen_gov.core.csv_files import read_rows
from shenzhen_gov.core.exceptions import Refused

DEFAULT = Path(__file__).resolve().parents[2] / "data" / "escalation_rules.csv"

COLUMNS = ["clock", "stage", "days", "whom", "what", "effective_from", "source"]


class Command(BaseCommand):
    """Idempotent; one bad row refuses the whole file."""

    help = __doc__

    def add_arguments(self, parser):
        """Declare the arguments."""
        parser.add_argument("path", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args, path, **options):
        """Read and enter."""
        try:
            added, unchanged = load_escalation_rules(list(read_rows(path, COLUMNS)))
        except Refused as refusal:
            raise CommandError(f"{path.name}: {refusal}") from refusal
        self.stdout.write(f"escalation rules: {added} added, {unchanged} unchanged")

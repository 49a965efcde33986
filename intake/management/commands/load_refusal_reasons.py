"""`manage.py load_refusal_reasons`: add the reasons for refusing that are missing, and say what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.files import DATA, REASON_COLUMNS, read_refusal_reasons
from intake.services.refusal_reasons import load_refusal_reasons
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load the reasons; what an administrator changed stays, unless told otherwise."""

    help = "Load the reasons for refusing from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        default = DATA / "refusal_reasons.csv"
        parser.add_argument("path", nargs="?", type=Path, default=default, help=",".join(REASON_COLUMNS))
        parser.add_argument("--overwrite", action="store_true", help="also change reasons that are there already")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        by = Actor.system("load_refusal_reasons")
        try:
            rows = read_refusal_reasons(options["path"])
            changes = load_refusal_reasons(rows, overwrite=options["overwrite"], by=by, now=timezone.now())
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        for change in changes:
            self.stdout.write(change)
        text = _("Reasons for refusing: %(changed)s changed, %(all)s in the file.")
        self.stdout.write(text % {"changed": len(changes), "all": len(rows)})

"""`manage.py load_calendar`: bring the holiday table in line with a CSV, and say what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.worktime.loading import COLUMNS, apply_calendar, read_calendar

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "calendar.csv"


class Command(BaseCommand):
    """Load whole years of holidays and make-up working days; safe to run again."""

    help = "Load the holiday calendar from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file, the years and whether to write at all."""
        parser.add_argument("--file", type=Path, default=SHIPPED, help=f"CSV: {','.join(COLUMNS)}")
        parser.add_argument("--year", type=int, action="append", help="only this year (may be repeated)")
        parser.add_argument("--dry-run", action="store_true", help="show the changes and write nothing")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names the row in error; nothing is written then."""
        table = self._read(options["file"], options["year"])
        with transaction.atomic():
            changes = apply_calendar(table, by=Actor.system("load_calendar"), now=timezone.now())
            transaction.set_rollback(options["dry_run"])
        for change in changes:
            self.stdout.write(str(change))
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was written."))
        if not changes:
            self.stdout.write(_("Calendar unchanged."))

    def _read(self, path: Path, years: list[int] | None) -> dict:
        """Return the table of the file, cut to `years`."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                table = read_calendar(lines)
        except (OSError, UnicodeDecodeError, BadInput) as error:
            raise CommandError(f"{path}: {error}") from error
        absent = sorted(set(years or ()) - table.keys())
        if absent:
            raise CommandError(_("%(path)s has no rows for %(year)s") % {"path": path, "year": absent[0]})
        return {year: rows for year, rows in table.items() if not years or year in years}

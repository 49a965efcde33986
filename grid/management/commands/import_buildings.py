"""`manage.py import_buildings FILE`: a table of buildings or of rooms, CSV or Excel, the whole of it or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.choices import ImportState
from grid.faults import fault_text
from grid.services.place_imports import import_places
from grid.tables import label_of
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Safe to run again: what is there already stays as it is."""

    help = "Import buildings or rooms from a CSV or Excel file; its first row names the columns."

    def add_arguments(self, parser) -> None:
        """Take the file and where it is from."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--source", default="", help="where the table is from")

    def handle(self, *args, **options) -> None:
        """Import and report. CommandError lists rows and columns; nothing is written then."""
        path, by = options["path"], Actor.system("import_buildings")
        try:
            with path.open("rb") as file:
                done = import_places(path.name, file, source=options["source"], by=by, now=timezone.now())
        except (BadInput, OSError) as error:
            raise CommandError(f"{path}: {error}") from error
        if done.state != ImportState.DONE:
            text = _("Row %(row)s, column %(column)s: %(reason)s")
            for fault in done.faults:
                column = label_of(done.table, fault["column"])
                reason = fault_text(fault["code"], fault["facts"])
                self.stderr.write(text % {"row": fault["row"], "column": column, "reason": reason})
            raise CommandError(_("%(count)s faults; nothing is written.") % {"count": done.faulty})
        text = _("%(rows)s rows: %(added)s added, %(changed)s changed.")
        self.stdout.write(text % {"rows": done.rows, "added": done.added, "changed": done.changed})

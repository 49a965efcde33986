"""`manage.py load_areas`: bring the territory in line with a CSV, and say what changed."""

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.files import AREA_COLUMNS, DATA, read_areas
from grid.services import load_areas
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load city, districts, subdistricts and communities; safe to run again."""

    help = "Load the areas from a CSV file (default: the one shipped). Safe to run again; nothing is deleted."

    def add_arguments(self, parser) -> None:
        """Take the file, and whether to list every single change."""
        parser.add_argument("path", nargs="?", type=Path, default=DATA / "areas.csv", help=",".join(AREA_COLUMNS))
        parser.add_argument("--all", action="store_true", help="list every change, not the first 20 of each kind")

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        try:
            rows = read_areas(options["path"])
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        changes = load_areas(rows, by=Actor.system("load_areas"), now=timezone.now())
        counted = Counter(change.mark for change in changes)
        shown: Counter[str] = Counter()
        for change in changes:
            shown[change.mark] += 1
            if options["all"] or shown[change.mark] <= 20:
                self.stdout.write(str(change))
        text = _("Areas: %(added)s added, %(changed)s changed, %(removed)s no longer in use, %(all)s in the file.")
        facts = {"added": counted["+"], "changed": counted["~"], "removed": counted["-"], "all": len(rows)}
        self.stdout.write(text % facts)

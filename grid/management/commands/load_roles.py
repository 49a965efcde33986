"""`manage.py load_roles`: bring the roles in line with a CSV, and say what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.files import DATA, ROLE_COLUMNS, read_roles
from grid.services import load_roles
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput


class Command(BaseCommand):
    """Load the roles and what each may do; whoever holds a changed role is brought in step."""

    help = "Load the roles from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        parser.add_argument("path", nargs="?", type=Path, default=DATA / "roles.csv", help=",".join(ROLE_COLUMNS))

    def handle(self, *args, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        try:
            rows = read_roles(options["path"])
        except BadInput as error:
            raise CommandError(f"{options['path']}: {error}") from error
        changes = load_roles(rows, by=Actor.system("load_roles"), now=timezone.now())
        for change in changes:
            self.stdout.write(change)
        text = _("Roles: %(changed)s changed, %(all)s in the file.")
        self.stdout.write(text % {"changed": len(changes), "all": len(rows)})

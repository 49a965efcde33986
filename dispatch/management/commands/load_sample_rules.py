"""`manage.py load_sample_rules`: add the sample dispatch rules that are missing. Never in production."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.services.rule_editing import RuleText
from dispatch.services.rule_loading import RuleRow, load_rules
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.csv_files import bad_row, read_rows
from shenzhen_gov.core.exceptions import Refused

COLUMNS = ["code", "name", "priority", "condition", "outcome", "note"]
SHIPPED = Path(__file__).parents[2] / "data" / "sample_rules.csv"


class Command(BaseCommand):
    """Load rules as samples of the whole city, published at once; what is there stays as it is."""

    help = "Load sample dispatch rules from a CSV file (default: the one shipped). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Take the file."""
        parser.add_argument("path", nargs="?", type=Path, default=SHIPPED, help=",".join(COLUMNS))

    def handle(self, *args, path: Path, **options) -> None:
        """Read, check, write, report. CommandError names row and column; nothing is written then."""
        if not settings.SAMPLE_SETUP:
            raise CommandError("Sample data is refused: these settings are not of a sample set-up.")
        now = timezone.now()
        try:
            rows = [_row(number, row, timezone.localdate(now)) for number, row in read_rows(path, COLUMNS)]
            added = load_rules(rows, is_sample=True, by=Actor.system("load_sample_rules"), now=now)
        except Refused as error:
            raise CommandError(f"{path}: {error}") from error
        text = _("Dispatch rules: %(added)s added, %(all)s in the file.")
        self.stdout.write(text % {"added": len(added), "all": len(rows)})


def _row(number: int, row: dict[str, str], today) -> RuleRow:
    if not row["code"] or not row["name"]:
        raise bad_row(number, "name" if row["code"] else "code", _("must not be empty"))
    if not row["priority"].isdecimal() or len(row["priority"]) > 4:
        raise bad_row(number, "priority", _("must be a number"))
    read = {column: _json(number, column, row[column]) for column in ("condition", "outcome")}
    text = RuleText(name=row["name"], priority=int(row["priority"]), valid_from=today, note=row["note"], **read)
    return RuleRow(number, row["code"], text)


def _json(number: int, column: str, text: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad_row(number, column, _("is no JSON: %(why)s") % {"why": error}) from error

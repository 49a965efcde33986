"""`manage.py evaluate_suggestions`: how often the right answer is suggested, on texts held back while learning."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.selectors import list_in_force
from shenzhen_gov.core.csv_files import read_rows
from shenzhen_gov.core.exceptions import BadInput

COLUMNS = ["title", "text", "label"]


class Command(BaseCommand):
    """Reads only. Random folds are kinder than time: what is reported of dispatch is measured in order of time."""

    help = "Measure suggestions on the list's own example requests and, with --messages, on a labelled file."

    def add_arguments(self, parser) -> None:
        """Take the files and how many items to measure on."""
        parser.add_argument("--messages", type=Path, help=f"CSV file with the columns {','.join(COLUMNS)}")
        parser.add_argument("--items", type=int, help="only the first so many items of the list, by code")
        parser.add_argument("--folds", type=int, default=5, choices=range(2, 21), metavar="2–20")

    def handle(self, *args, **options) -> None:
        """Measure and print a table."""
        from intake.suggestion.measuring import score_catalogue, score_messages

        versions = list(list_in_force(timezone.localdate()))[: options["items"]]
        scores = [score_catalogue(versions), score_catalogue(versions, examples_only=True)] if versions else []
        if options["messages"]:
            scores.append(score_messages(_messages(options["messages"]), options["folds"]))
        if not scores:
            raise CommandError(_("There is nothing to measure: no duty item is in force, and no file was given."))
        self.stdout.write(f"{'':56}{'texts':>7}{'of':>7}{'top 1':>8}{'top 3':>8}{'top 5':>8}{'macro F1':>10}")
        for one in scores:
            shares = "".join(f"{one.top[place]:>8.3f}" for place in (1, 3, 5))
            f1 = f"{one.macro_f1:>10.3f}" if one.macro_f1 is not None else f"{'–':>10}"
            self.stdout.write(f"{one.name:56}{one.texts:>7}{one.classes:>7}{shares}{f1}")


def _messages(path: Path):
    from intake.suggestion.measuring import Message

    usual = csv.field_size_limit(2**24)  # of the whole process
    try:
        return [Message(row["title"], row["text"], row["label"]) for _number, row in read_rows(path, COLUMNS)]
    except BadInput as error:
        raise CommandError(f"{path}: {error}") from error
    finally:
        csv.field_size_limit(usual)

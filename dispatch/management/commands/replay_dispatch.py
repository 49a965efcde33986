"""`manage.py replay_dispatch --learn-until DAY`: how well earlier imported cases tell who handles later ones."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.legacy.importer import import_file
from dispatch.legacy.learned import learn_rows, write_rows
from dispatch.legacy.mapping import PINGSHAN, Mapping, load_mapping
from dispatch.legacy.pipeline import Outcome, through_pipeline
from dispatch.legacy.replay import Figures, Report, replay, split_cases
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

TITLE, CELL = 54, 12  # columns of the table
BY = Actor.system("replay_dispatch")
METHODS = {
    "majority": gettext_lazy("majority by item and community"),
    "back-off": gettext_lazy("back-off"),
    "updated": gettext_lazy("back-off, updated after each case"),
    "daily": gettext_lazy("back-off, learning each evening"),
    "fresh-daily": gettext_lazy("with the last hours, learning each evening"),
    "fresh-updated": gettext_lazy("with the last hours, updated after each case"),
    "chains-daily": gettext_lazy("four averaged, learning each evening"),
    "chains-updated": gettext_lazy("four averaged, updated after each case"),
    "weighed-daily": gettext_lazy("four weighed with the last weeks, each evening"),
    "weighed-updated": gettext_lazy("four weighed with the last weeks, each case"),
    "ceiling": gettext_lazy("ceiling of any fixed table"),
    "gate-share": gettext_lazy("gate: 10 cases and 90 %"),
    "gate-wilson": gettext_lazy("gate: Wilson bound .85"),
    "gate-earned": gettext_lazy("gate day by day: item and place earned it"),
    "gate-certain": gettext_lazy("gate day by day: or this certainty earned it"),
}
ROWS = {"all rows": gettext_lazy("all rows"), "earned rows": gettext_lazy("only rows that were earned")}
NAMES = {"unified": gettext_lazy("renames unified"), "raw": gettext_lazy("raw names")}


class Command(BaseCommand):
    """Measures in time order, beside the published figures. Writes nothing unless --write-responsibilities is given."""

    help = "Learn who handles what from imported cases before a day, and measure it on the later ones."

    def add_arguments(self, parser) -> None:
        """Declare the arguments."""
        parser.add_argument("--learn-until", type=_day, required=True, metavar="DAY", help="learn from cases before it")
        parser.add_argument("--test-from", type=_day, metavar="DAY", help="measure on cases from it on")
        parser.add_argument("--path", type=Path, help="replay this file instead of what is imported; nothing is kept")
        parser.add_argument("--mapping", type=Path, default=PINGSHAN, help=f"mapping file (default: {PINGSHAN.name})")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--through-pipeline", action="store_true", help="also decide with the real decision code")
        parser.add_argument(
            "--write-responsibilities", action="store_true", help="keep the learned rows in the duty list"
        )
        parser.add_argument(
            "--earned-only", action="store_true", help="keep only rows that pass the gate of 10 cases and 90 %%"
        )

    def handle(self, *args, **options) -> None:
        """Measure and print. CommandError says what is wrong."""
        try:
            mapping = load_mapping(options["mapping"])
            if options["path"] is None:
                self._replay(mapping, options)
            else:
                self._replay_file(mapping, options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _replay_file(self, mapping: Mapping, options: dict[str, Any]) -> None:
        if options["write_responsibilities"]:
            raise CommandError(_("--write-responsibilities needs imported cases: a file given by --path is not kept."))
        with transaction.atomic():
            summary = import_file(options["path"], mapping, by=BY, now=timezone.now())
            self._replay(mapping, options, only={row.external_id for row in summary.contents.rows})
            transaction.set_rollback(True)

    def _replay(self, mapping: Mapping, options: dict[str, Any], only: set[str] | None = None) -> None:
        report = replay(options["learn_until"], options["test_from"], only=only)
        outcomes = self._pipeline(mapping, options, only) if options["through_pipeline"] else {}
        written = self._write(mapping, options) if options["write_responsibilities"] else None
        if options["json"]:
            pipeline = {name: outcome.as_json() for name, outcome in outcomes.items()}
            told = {"pipeline": pipeline, "rows_written": written}
            self.stdout.write(json.dumps(report.as_json() | told, ensure_ascii=False, indent=2))
            return
        self._tell(report)
        for name, outcome in outcomes.items():
            self._tell_outcome(name, outcome)
        if written is not None:
            self.stdout.write(_("%(count)s responsibility rows written") % {"count": written})

    def _pipeline(self, mapping: Mapping, options: dict[str, Any], only: set[str] | None) -> dict[str, Outcome]:
        return {
            name: through_pipeline(
                options["learn_until"],
                options["test_from"],
                district_code=mapping.district,
                source=mapping.name,
                by=BY,
                now=timezone.now(),
                earned_only=earned_only,
                only=only,
            )
            for name, earned_only in (("all rows", False), ("earned rows", True))
        }

    def _write(self, mapping: Mapping, options: dict[str, Any]) -> int:
        until = options["learn_until"]
        learned = split_cases(until, options["test_from"] or until).learned
        district = Area.objects.get(code=mapping.district)
        rows = learn_rows(learned, district, earned_only=options["earned_only"])
        return write_rows(rows, until=until, source=mapping.name, by=BY, now=timezone.now())

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            _("learned from %(learned)s cases before %(until)s, measured on %(tested)s from %(start)s on")
            % {
                "learned": report.learned,
                "until": report.learn_until,
                "tested": report.tested,
                "start": report.test_from,
            }
        )
        self.stdout.write(
            _("never seen before: %(community)s of item × community, %(subdistrict)s of item × subdistrict")
            % {"community": _percent(report.unseen_community), "subdistrict": _percent(report.unseen_subdistrict)}
        )
        published = {(one.method, one.names): one for one in report.reference}
        head = (_("top-1"), _("top-3"), _("automatic"), _("precision"))
        self.stdout.write(_row("", head))
        for one in report.figures:
            self.stdout.write(_line(f"{METHODS[one.method]}, {NAMES[one.names]}", one))
            if (other := published.get((one.method, one.names))) is not None:
                self.stdout.write(_line("  " + _("published"), other))
        for source in dict.fromkeys(one.source for one in report.reference):
            self.stdout.write(_("published: %(source)s") % {"source": source})

    def _tell_outcome(self, name: str, outcome: Outcome) -> None:
        self.stdout.write(
            _(
                "decision code, %(name)s (%(rows)s): %(automatic)s of %(tested)s automatic (%(share)s), of these "
                "%(precision)s to the real unit"
            )
            % {
                "name": ROWS[name],
                "rows": outcome.rows,
                "automatic": outcome.automatic,
                "tested": outcome.tested,
                "share": _percent(outcome.share),
                "precision": _percent(outcome.precision),
            }
        )
        for why, count in outcome.needs_person.most_common():
            self.stdout.write(f"  {count} × {why}")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f} %"


def _line(title: str, one: Figures) -> str:
    shares = (one.top1, one.top3, one.automatic, one.precision)
    return _row(title, ["" if share is None else f"{share:.3f}" for share in shares])


def _row(title: str, cells: Iterable[str]) -> str:
    """Return one line of the table; Chinese characters are two columns wide."""
    return title + " " * (TITLE - _width(title)) + "".join(" " * (CELL - _width(cell)) + cell for cell in cells)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "FW" else 1 for character in text)

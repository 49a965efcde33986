"""`manage.py import_legacy PATH`: take over the cases of an earlier system from a CSV file."""

import csv
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.legacy.importer import JOB, Summary, import_file
from dispatch.legacy.mapping import PINGSHAN, load_mapping
from dispatch.legacy.reader import Reject
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

SHOWN = 10
BAR = 40


class Command(BaseCommand):
    """Repeatable: a row is known by its outside number. Bad rows go to a file; a killed run is simply run again."""

    help = "Import closed cases of an earlier system from a CSV file (UTF-8 or GB18030). Safe to run again."

    def add_arguments(self, parser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, help="the CSV file")
        parser.add_argument("--mapping", type=Path, default=PINGSHAN, help=f"mapping file (default: {PINGSHAN.name})")
        parser.add_argument("--rejects", type=Path, help="write rows that are not imported to this CSV file")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")
        parser.add_argument("--limit", type=int, help="read only the first rows")

    def handle(
        self, *args, path: Path, mapping: Path, rejects: Path | None, dry_run: bool, limit: int | None, **options
    ):
        """Read, import, report. CommandError says what is wrong with the file; nothing is written then."""
        started = time.perf_counter()
        if limit is not None and limit < 1:
            raise CommandError("--limit: must be 1 or more")
        try:
            summary = import_file(
                path,
                load_mapping(mapping),
                by=Actor.system(JOB),
                now=timezone.now(),
                dry_run=dry_run,
                limit=limit,
                progress=self._progress,
            )
            self._report(summary, time.perf_counter() - started)
            self._tell_rejects(summary, rejects)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"--rejects: {error}") from error

    def _progress(self, done: int, total: int) -> None:
        """Draw a bar on stderr, one line over and over on a terminal, one line per tenth elsewhere."""
        filled = BAR * done // max(total, 1)
        line = f"[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}"
        if self.stderr.isatty():
            self.stderr.write(f"\r{line}", ending="" if done < total else "\n")
        elif done == total or 10 * done // max(total, 1) > 10 * (done - 1000) // max(total, 1):
            self.stderr.write(line)

    def _report(self, summary: Summary, seconds: float) -> None:
        contents = summary.contents
        if summary.dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        self.stdout.write(
            _(
                "%(read)s rows read (%(encoding)s): %(imported)s imported, %(skipped)s here already, "
                "%(repeated)s repeated, %(rejected)s rejected; %(seconds)s s"
            )
            % {
                "read": contents.read,
                "encoding": contents.encoding.upper().replace("-SIG", ""),
                "imported": summary.imported,
                "skipped": summary.skipped,
                "repeated": contents.repeated,
                "rejected": len(contents.rejects),
                "seconds": f"{seconds:.1f}",
            }
        )
        if summary.added:
            self.stdout.write(
                _("New: %(items)s duty items, %(units)s units, %(names)s names of units, %(channels)s channels")
                % vars(summary.added)
            )
        for note, count in summary.notes.most_common():
            self.stdout.write(f"  {count} × {note}")

    def _tell_rejects(self, summary: Summary, file: Path | None) -> None:
        """Write the rejects to the file, or the first of them to stderr."""
        rejects = summary.contents.rejects
        if file is not None:
            write_rejects(file, summary.contents.header, rejects)
            self.stdout.write(_("%(count)s rejected rows are in %(file)s") % {"count": len(rejects), "file": file})
            return
        for reject in rejects[:SHOWN]:
            self.stderr.write(
                _("line %(line)s, column “%(column)s”: %(reason)s")
                % {"line": reject.line, "column": reject.column, "reason": reject.reason}
            )
        if len(rejects) > SHOWN:
            self.stderr.write(
                _("… and %(count)s more; --rejects FILE writes them all") % {"count": len(rejects) - SHOWN}
            )


def write_rejects(file: Path, header: list[str], rejects: list[Reject]) -> None:
    """Write line, column, reason and the row itself, so that it can be mended there and imported from there."""
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["reject_line", "reject_column", "reject_reason", *header])
        writer.writerows([reject.line, reject.column, reject.reason, *reject.cells] for reject in rejects)

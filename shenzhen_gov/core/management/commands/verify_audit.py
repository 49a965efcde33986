"""`manage.py verify_audit`: is the audit log as it was written?"""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from shenzhen_gov.core.verification import Findings, verify, verify_object


class Command(BaseCommand):
    """Recompute hashes, links and seals; print what was found; exit code 1 when anything is broken."""

    help = "Verify the audit log: hashes, chains, seals. Exit code 1 when anything is broken."

    def add_arguments(self, parser) -> None:
        """Choose how much to look at."""
        parser.add_argument("--object", metavar="TYPE:ID", help="only the chain of one object, e.g. intake.case:17")
        parser.add_argument("--quick", action="store_true", help="only the newest day of seals and what is unsealed")
        parser.add_argument("--python", action="store_true", help="recompute every hash outside the database too")
        parser.add_argument("--root", default="", help="a root noted down elsewhere, which must be among the seals")

    def handle(self, *args, **options) -> None:
        """Verify and report."""
        if options["object"]:
            findings = self._one_object(options["object"])
        else:
            findings = verify(
                quick=options["quick"], every=options["python"], noted_root=options["root"], progress=self._progress
            )
        self._report(findings)
        if findings.faults:
            raise CommandError(_("The audit log is broken: %(count)s findings.") % {"count": findings.faults})
        self.stdout.write(self.style.SUCCESS(_("The audit log is sound.")))

    def _one_object(self, text: str) -> Findings:
        object_type, separator, object_id = text.partition(":")
        if not separator or not object_id.isdigit():
            raise CommandError(_("--object: “%(text)s” is not TYPE:ID, such as intake.case:17") % {"text": text})
        findings = verify_object(object_type.lower(), int(object_id))
        if not findings.entries:
            raise CommandError(_("--object: no entry about %(text)s") % {"text": text})
        return findings

    def _report(self, findings: Findings) -> None:
        rows = [
            (_("Entries"), findings.entries),
            (_("Recomputed outside the database"), findings.recomputed),
            (_("Seals"), findings.seals),
            (_("Entries not sealed yet"), findings.unsealed),
            (_("Newest root"), findings.newest_root or "-"),
            (_("Findings"), findings.faults),
        ]
        for label, value in rows:
            self.stdout.write(f"{label}: {value}")
        for text in findings.broken:
            self.stdout.write(self.style.ERROR(f"  {text}"))
        if findings.faults > len(findings.broken):
            self.stdout.write(_("  … and %(count)s more") % {"count": findings.faults - len(findings.broken)})

    def _progress(self, entries: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{entries:,}", ending="")

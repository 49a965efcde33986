"""`manage.py rotate_keys`: write everything encrypted anew with the first key of FIELD_KEYS (docs/how-to/keys.md)."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from shenzhen_gov.core.jobs import run_job
from shenzhen_gov.core.rotation import Rotation, outdated, rotate


class Command(BaseCommand):
    """Re-encrypt what was written with an older key; safe to stop and to run again, also beside the portal."""

    help = "Write everything encrypted anew with the first key of FIELD_KEYS. Safe to stop and to run again."

    def add_arguments(self, parser) -> None:
        """Only look, or write."""
        parser.add_argument("--check", action="store_true", help="only count; exit code 1 when older keys are in use")

    def handle(self, *args, **options) -> None:
        """Rotate and report. CommandError names the rows that no given key decrypts."""
        waiting = outdated()
        if options["check"]:
            self._check(waiting)
            return
        rotation = self._rotate(waiting)
        for model, rows in rotation.rows.items():
            self.stdout.write(f"{model}: {rows}")
        if rotation.unreadable:
            head = _("%(count)s rows cannot be decrypted with the keys given:") % {"count": rotation.unreadable}
            raise CommandError("\n".join([head, *rotation.examples]))
        self.stdout.write(self.style.SUCCESS(_("Everything is encrypted with the first key.")))

    def _rotate(self, waiting: int) -> Rotation:
        with run_job("rotate_keys", now=timezone.now()) as job:
            job.progress(0, waiting)

            def progress(done: int) -> None:
                job.progress(done)
                if sys.stderr.isatty():
                    self.stderr.write(f"\r{done:,} / {waiting:,}", ending="")

            rotation = rotate(progress)
            job.result |= {"rows": rotation.rows, "unreadable": rotation.unreadable}
        return rotation

    def _check(self, waiting: int) -> None:
        if waiting:
            raise CommandError(_("%(count)s rows are encrypted with an older key.") % {"count": waiting})
        self.stdout.write(_("Everything is encrypted with the first key."))

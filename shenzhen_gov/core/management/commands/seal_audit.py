"""`manage.py seal_audit`: seal the audit log now (a task does it every minute)."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from shenzhen_gov.core.sealing import seal


class Command(BaseCommand):
    """Seal every entry of finished transactions."""

    help = "Seal the audit log now and print the newest root."

    def handle(self, *args, **options) -> None:
        """Seal and report."""
        seals = seal(timezone.now())
        for new in seals:
            facts = {"entries": new.entries, "root": new.root}
            self.stdout.write(_("Sealed %(entries)s entries, root %(root)s") % facts)
        if not seals:
            self.stdout.write(_("Nothing to seal."))

"""`manage.py render_exchange`: bring the tables of docs/how-to/district-exchange.md in line with the message set."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from dispatch.exchange.documentation import PATH, path, render


class Command(BaseCommand):
    """Write the page, or say that it is stale."""

    help = "Bring docs/how-to/district-exchange.md in line with the message set (--check only compares)."

    def add_arguments(self, parser) -> None:
        """Write or compare."""
        parser.add_argument("--check", action="store_true", help="exit code 1 when the page is stale")

    def handle(self, *args, **options) -> None:
        """Do it."""
        before = path().read_text(encoding="utf-8")
        after = render(before)
        if options["check"]:
            if after != before:
                raise CommandError(_("%(path)s is stale: run manage.py render_exchange") % {"path": PATH})
            return
        path().write_text(after, encoding="utf-8")
        self.stdout.write(str(PATH))

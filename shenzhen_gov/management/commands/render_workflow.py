"""`manage.py render_workflow`: write docs/workflow.md from the tables of every life cycle."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from shenzhen_gov.workflow_docs import PATH, path, render


class Command(BaseCommand):
    """Write the page, or say that it is stale."""

    help = "Write docs/workflow.md from every app's workflow.py (--check only compares)."

    def add_arguments(self, parser) -> None:
        """Write or compare."""
        parser.add_argument("--check", action="store_true", help="exit code 1 when the page is stale")

    def handle(self, *args, **options) -> None:
        """Do it."""
        text, file = render(), path()
        if options["check"]:
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                raise CommandError(_("%(path)s is stale: run manage.py render_workflow") % {"path": PATH})
            return
        file.write_text(text, encoding="utf-8")
        self.stdout.write(str(PATH))

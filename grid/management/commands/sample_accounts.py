"""`manage.py sample_accounts`: one account per role, to try the portal with."""

from unicodedata import east_asian_width

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from grid.models import RoleGrant
from grid.sample import PASSWORD


class Command(BaseCommand):
    """Print the sample accounts as a table; refused where sample accounts may not exist."""

    help = "Print the sample accounts: role, user name, password, unit."

    def handle(self, *args, **options) -> None:
        """Print the table. CommandError outside a sample set-up, or before load_sample."""
        if not settings.SAMPLE_SETUP:
            raise CommandError(_("There are no sample accounts: these settings are not of a sample set-up."))
        grants = RoleGrant.objects.filter(staff__is_sample=True).select_related("staff", "role", "unit")
        rows = [
            (grant.role.label, grant.staff.username, PASSWORD, grant.unit.name)
            for grant in grants.order_by("role__order", "staff_id")
        ]
        if not rows:
            raise CommandError(_("There are no sample accounts yet: run load_sample first."))
        rows.insert(0, (_("Role"), _("User name"), _("Password"), _("Unit")))
        widths = [max(_width(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [text + " " * (width - _width(text)) for text, width in zip(row[:3], widths, strict=True)]
            self.stdout.write("  ".join([*cells, row[3]]))


def _width(text: str) -> int:
    """Return how many columns a terminal needs: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)

"""`manage.py check_ledger`: whether the frozen months still are what was published, down to the last posting."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from analytics.models import AssessmentMonth
from analytics.selectors.ledger.frozen import is_whole
from analytics.workflow import MONTH_FROZEN
from shenzhen_gov.core.texts import joined


class Command(BaseCommand):
    """Read-only; ends with an error when a month is not what it was."""

    help = __doc__

    def handle(self, *args, **options):
        """Check every frozen month, oldest first."""
        touched = []
        for row in AssessmentMonth.objects.filter(state=MONTH_FROZEN).order_by("month"):
            is_good = is_whole(row)
            touched += [] if is_good else [str(row)]
            self.stdout.write(f"{row} {row.digest} {_('as published') if is_good else _('TOUCHED')}")
        if touched:
            raise CommandError(_("Not as published: %(months)s") % {"months": joined(touched)})

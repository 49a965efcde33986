"""`manage.py load_refusal_reasons`: add the reasons for refusing that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from intake.files import DATA, REASON_COLUMNS, read_refusal_reasons
from intake.services.refusal_reasons import load_refusal_reasons
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the reasons; what an administrator changed stays, unless told otherwise."""

    help = "Load the reasons for refusing from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "refusal_reasons.csv", REASON_COLUMNS
    read, load = staticmethod(read_refusal_reasons), staticmethod(load_refusal_reasons)
    told = _("Reasons for refusing: %(changed)s changed, %(all)s in the file.")

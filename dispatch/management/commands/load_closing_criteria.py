"""`manage.py load_closing_criteria`: add the missing closing criteria by kind of request, and say what changed."""

from django.utils.translation import gettext_lazy as _

from dispatch.files import CRITERION_COLUMNS, DATA, read_closing_criteria
from dispatch.services import load_closing_criteria
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the criteria; what an administrator changed stays, unless told otherwise."""

    help = "Load the closing criteria from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "closing_criteria.csv", CRITERION_COLUMNS
    read, load = staticmethod(read_closing_criteria), staticmethod(load_closing_criteria)
    told = _("Closing criteria: %(changed)s changed, %(all)s in the file.")

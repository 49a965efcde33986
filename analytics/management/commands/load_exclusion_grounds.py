"""`manage.py load_exclusion_grounds`: add the grounds for exclusions that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from analytics.scheme_files import GROUND_COLUMNS, GROUNDS, read_grounds
from analytics.services.ledger import load_grounds
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the grounds; what an administrator changed stays, unless told otherwise."""

    help = "Load the grounds for exclusions from a CSV file (default: the one shipped). Safe to run again."
    path, columns = GROUNDS, GROUND_COLUMNS
    read, load = staticmethod(read_grounds), staticmethod(load_grounds)
    told = _("Grounds for exclusions: %(changed)s changed, %(all)s in the file.")

"""`manage.py load_assessment_schemes`: add the assessment schemes that are missing, and say what was added."""

from django.utils.translation import gettext_lazy as _

from analytics.scheme_files import SCHEME_COLUMNS, SCHEMES, read_schemes
from analytics.services.ledger import load_schemes
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load schemes; none that is there is ever changed. The file that is shipped is an example."""

    help = "Load assessment schemes from a CSV file (default: the example shipped). Safe to run again."
    path, columns = SCHEMES, SCHEME_COLUMNS
    read, load = staticmethod(read_schemes), staticmethod(load_schemes)
    told = _("Assessment schemes: %(changed)s added, %(all)s in the file.")

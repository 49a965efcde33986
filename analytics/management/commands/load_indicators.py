"""`manage.py load_indicators`: add the indicators that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from analytics.files import DATA, INDICATOR_COLUMNS, read_indicators
from analytics.services import load_indicators
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the catalogue; no version that is there is ever changed."""

    help = "Load the indicators from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "indicators.csv", INDICATOR_COLUMNS
    read, load = staticmethod(read_indicators), staticmethod(load_indicators)
    told = _("Indicators: %(changed)s versions added, %(all)s in the file.")

"""`manage.py load_standard_texts`: add the standard texts of a CSV that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from intake.files import DATA, STANDARD_TEXT_COLUMNS, read_standard_texts
from intake.services import load_standard_texts
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the standard texts; what an administrator changed stays, unless told otherwise."""

    help = "Load the standard texts from a CSV file (default: the sample shipped). Safe to run again."
    path, columns = DATA / "standard_texts.csv", STANDARD_TEXT_COLUMNS
    read, load = staticmethod(read_standard_texts), staticmethod(load_standard_texts)
    told = _("Standard texts: %(changed)s changed, %(all)s in the file.")

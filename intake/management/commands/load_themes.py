"""`manage.py load_themes`: add the themes of the enterprise zone that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from intake.files import DATA
from intake.public_files import THEME_COLUMNS, read_themes
from intake.services import load_themes
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the themes; what an administrator changed stays, unless told otherwise."""

    help = "Load the themes of the enterprise zone from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "sample_themes.csv", THEME_COLUMNS
    read, load = staticmethod(read_themes), staticmethod(load_themes)
    told = _("Themes: %(changed)s changed, %(all)s in the file.")

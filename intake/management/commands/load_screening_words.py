"""`manage.py load_screening_words`: add the screening words that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from intake.files import DATA
from intake.public_files import WORD_COLUMNS, read_screening_words
from intake.services import load_screening_words
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the words; what an administrator changed stays, unless told otherwise."""

    help = "Load the screening words from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "screening_words.csv", WORD_COLUMNS
    read, load = staticmethod(read_screening_words), staticmethod(load_screening_words)
    told = _("Screening words: %(changed)s changed, %(all)s in the file.")

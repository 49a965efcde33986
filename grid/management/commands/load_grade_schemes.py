"""`manage.py load_grade_schemes`: add the grading schemes of rentals that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from grid.files import DATA
from grid.rental_files import read_grade_schemes
from grid.services.rentals import load_grade_schemes
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load schemes, levels and criteria; what an administrator changed stays, unless told otherwise."""

    help = "Load grading schemes of rentals from the three CSV files of a folder (default: the sample ones)."
    path, columns = DATA, ("sample_grade_schemes.csv", "sample_grade_levels.csv", "sample_grade_criteria.csv")
    read, load = staticmethod(read_grade_schemes), staticmethod(load_grade_schemes)
    told = _("Grading schemes: %(changed)s rows changed, %(all)s schemes in the files.")

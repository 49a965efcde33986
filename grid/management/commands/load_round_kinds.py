"""`manage.py load_round_kinds`: add the missing kinds of rounds, and say what changed."""

from django.utils.translation import gettext_lazy as _

from grid.files import DATA, ROUND_KIND_COLUMNS, read_round_kinds
from grid.services import load_round_kinds
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the kinds; what an administrator changed stays, unless told otherwise."""

    help = "Load the kinds of rounds from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "round_kinds.csv", ROUND_KIND_COLUMNS
    read, load = staticmethod(read_round_kinds), staticmethod(load_round_kinds)
    told = _("Kinds of rounds: %(changed)s changed, %(all)s in the file.")

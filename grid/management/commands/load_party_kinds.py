"""`manage.py load_party_kinds`: add the missing kinds of service sites and community tasks, and say what changed."""

from django.utils.translation import gettext_lazy as _

from grid.files import DATA, PARTY_KIND_COLUMNS, read_party_kinds
from grid.services.party.kinds import load_party_kinds
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the kinds; what an administrator changed stays, unless told otherwise."""

    help = "Load the kinds of sites and tasks from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "party_kinds.csv", PARTY_KIND_COLUMNS
    read, load = staticmethod(read_party_kinds), staticmethod(load_party_kinds)
    told = _("Kinds of sites and tasks: %(changed)s changed, %(all)s in the file.")

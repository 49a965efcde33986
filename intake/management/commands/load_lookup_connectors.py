"""`manage.py load_lookup_connectors`: add the connectors to other registers that are missing, all of them off."""

from django.utils.translation import gettext_lazy as _

from intake.files import CONNECTOR_COLUMNS, DATA, read_lookup_connectors
from intake.services.connectors import load_lookup_connectors
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the connectors; what an administrator changed stays, unless told otherwise."""

    help = "Load the connectors to other registers from a CSV file (default: the samples shipped). Safe to run again."
    path, columns = DATA / "lookup_connectors.csv", CONNECTOR_COLUMNS
    read, load = staticmethod(read_lookup_connectors), staticmethod(load_lookup_connectors)
    told = _("Look-up connectors: %(changed)s changed, %(all)s in the file.")

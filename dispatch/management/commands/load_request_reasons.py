"""`manage.py load_request_reasons`: add the grounds for requests that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from dispatch.files import DATA, REQUEST_REASON_COLUMNS, read_request_reasons
from dispatch.services import load_request_reasons
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the grounds; what an administrator changed stays, unless told otherwise."""

    help = "Load the grounds for requests from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "request_reasons.csv", REQUEST_REASON_COLUMNS
    read, load = staticmethod(read_request_reasons), staticmethod(load_request_reasons)
    told = _("Grounds for requests: %(changed)s changed, %(all)s in the file.")

"""`manage.py load_channels`: add the channels of a CSV that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from intake.files import CHANNEL_COLUMNS, DATA, read_channels
from intake.services import load_channels
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the channels; what an administrator changed stays, unless told otherwise."""

    help = "Load the channels from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "channels.csv", CHANNEL_COLUMNS
    read, load = staticmethod(read_channels), staticmethod(load_channels)
    told = _("Channels: %(changed)s changed, %(all)s in the file.")

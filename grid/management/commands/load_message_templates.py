"""`manage.py load_message_templates`: add the message templates of a CSV that are missing, and say what changed."""

from django.utils.translation import gettext_lazy as _

from grid.files import DATA, TEMPLATE_COLUMNS, read_message_templates
from grid.services import load_message_templates
from shenzhen_gov.core.management.loading import LoadCommand


class Command(LoadCommand):
    """Load the templates; what an administrator changed stays, unless told otherwise."""

    help = "Load the message templates from a CSV file (default: the one shipped). Safe to run again."
    path, columns = DATA / "message_templates.csv", TEMPLATE_COLUMNS
    read, load = staticmethod(read_message_templates), staticmethod(load_message_templates)
    told = _("Message templates: %(changed)s changed, %(all)s in the file.")

"""The needs named in dutylist/workflow.py: each answers None when met, else the reason why not."""

from django.utils.translation import gettext as _

from dutylist.models import Batch
from dutylist.workflow import BATCH


@BATCH.need("has_lines")
def has_lines(batch: Batch):
    """A batch without lines has nothing to review."""
    return None if batch.lines.exists() else _("The batch has no lines yet.")

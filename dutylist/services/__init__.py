"""Every write of the duty list."""

from dutylist.catalogue_file import CatalogueRow
from dutylist.line_input import LineFault, LineFaults, LinesSet, NewLine

from . import needs
from .approving import approve
from .batches import NewBatch, change_batch, discard, open_batch, pre_approve, send_back, submit, take_back
from .catalogue import Loaded, NewResponsibility, assign_by_function, enter_catalogue, set_responsibilities
from .checking import check_batch
from .lines import remove_lines, set_lines, set_policy
from .previews import keep_preview
from .publishing import Published, publish_batch, publish_due
from .rollback import roll_back

__all__ = [
    "CatalogueRow",
    "LineFault",
    "LineFaults",
    "LinesSet",
    "Loaded",
    "NewBatch",
    "NewLine",
    "NewResponsibility",
    "Published",
    "approve",
    "assign_by_function",
    "change_batch",
    "check_batch",
    "discard",
    "enter_catalogue",
    "keep_preview",
    "needs",
    "open_batch",
    "pre_approve",
    "publish_batch",
    "publish_due",
    "remove_lines",
    "roll_back",
    "send_back",
    "set_lines",
    "set_policy",
    "set_responsibilities",
    "submit",
    "take_back",
]

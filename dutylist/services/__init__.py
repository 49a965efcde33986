"""Every write of the duty list."""

from dutylist.catalogue_file import CatalogueRow
from dutylist.lines.input import LineFault, LineFaults, LinesSet, NewLine

from . import needs
from .approving import approve
from .batches import NewBatch, change_batch, discard, open_batch, pre_approve, send_back, submit, take_back
from .catalogue import Loaded, NewResponsibility, assign_by_function, enter_catalogue, set_responsibilities
from .checking import check_batch
from .documents import add_batch_document, add_item_document
from .lines import remove_lines, set_lines, set_policy
from .objections import NewObjection, decide_objection, raise_objection, take_into_batch
from .plans import NewPlan, cancel_plan, carry_out_due, plan_unit_change, prepare_batches
from .previews import keep_preview
from .publishing import Published, publish_batch, publish_due
from .recuts import carry_out_due_recuts
from .reowning import draft_line_from_ruling
from .rollback import roll_back

__all__ = [
    "carry_out_due_recuts",
    "CatalogueRow",
    "LineFault",
    "LineFaults",
    "LinesSet",
    "Loaded",
    "NewBatch",
    "NewLine",
    "NewObjection",
    "NewPlan",
    "NewResponsibility",
    "Published",
    "add_batch_document",
    "add_item_document",
    "approve",
    "assign_by_function",
    "cancel_plan",
    "carry_out_due",
    "change_batch",
    "check_batch",
    "decide_objection",
    "discard",
    "draft_line_from_ruling",
    "enter_catalogue",
    "keep_preview",
    "needs",
    "open_batch",
    "plan_unit_change",
    "pre_approve",
    "prepare_batches",
    "publish_batch",
    "publish_due",
    "raise_objection",
    "remove_lines",
    "roll_back",
    "send_back",
    "set_lines",
    "set_policy",
    "set_responsibilities",
    "submit",
    "take_back",
    "take_into_batch",
]

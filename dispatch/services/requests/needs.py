"""The need that keeps the work of a case on hold from going on."""

from django.utils.translation import gettext as _

from dispatch.choices import WorkRole
from dispatch.models import WorkOrder
from dispatch.workflow import WORK_ORDER
from intake.workflow import STAGE_CLOSED, SUSPENDED

ON_HOLD = (SUSPENDED, STAGE_CLOSED)


@WORK_ORDER.need("not_on_hold")
def not_on_hold(order: WorkOrder):
    """挂起, 阶段性办结: the work rests until the case wakes up; only departments ordered to the spot go on."""
    if order.case.state not in ON_HOLD or order.role == WorkRole.ORDER:
        return None
    return _("The case is “%(state)s”; it goes on at its date, or earlier when the level above wakes it.") % {
        "state": order.case.get_state_display()
    }

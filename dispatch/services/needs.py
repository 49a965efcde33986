"""The needs named in dispatch/workflow.py: each answers None when met, else the reason why not."""

from django.utils.translation import gettext as _

from dispatch.models import WorkOrder
from dispatch.workflow import OPEN_STATES, WORK_ORDER
from intake.choices import AttachmentKind


@WORK_ORDER.need("citizen_contacted")
def citizen_contacted(order: WorkOrder):
    """24 小时联系: somebody must have contacted the citizen, or tried; without a caller there is nobody."""
    if order.contacted_at or order.case.citizen_id is None:
        return None
    return _("The citizen has not been contacted yet.")


@WORK_ORDER.need("no_open_co_task")
def no_open_co_task(order: WorkOrder):
    """主办 cannot report while a co-handler or a department ordered to the spot is still at work."""
    open_tasks = WorkOrder.objects.filter(case_id=order.case_id, state__in=OPEN_STATES).exclude(role="lead")
    count = open_tasks.count() if order.role == "lead" else 0
    return _("%(count)s co-tasks are still open.") % {"count": count} if count else None


@WORK_ORDER.need("photos_of_facility")
def photos_of_facility(order: WorkOrder):
    """城市部件: photos before and after handling [S]."""
    version = order.case.item_version
    if version is None or not version.is_component:
        return None
    kinds = set(order.case.attachments.values_list("kind", flat=True))
    if {AttachmentKind.BEFORE, AttachmentKind.AFTER} <= kinds:
        return None
    return _("A city facility needs photos from before and after.")


@WORK_ORDER.need("citizen_told")
def citizen_told(order: WorkOrder):
    """办理告知: nothing is closed before the citizen was told, or could not be."""
    last = order.reports.order_by("-id").first()
    told = order.case.citizen_id is None or (last is not None and last.told_way)
    return None if told else _("The citizen has not been told the result.")

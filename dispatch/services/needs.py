"""The needs named in dispatch/workflow.py: each answers None when met, else the reason why not."""

from datetime import timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ContactResult, ToldOf, WorkRole
from dispatch.models import Telling, WorkOrder
from dispatch.workflow import OPEN_STATES, WORK_ORDER
from intake.choices import AttachmentKind
from shenzhen_gov.core.parameters import get_parameter

from .closing import last_report, missing_evidence


@WORK_ORDER.need("is_lead")
def is_lead(order: WorkOrder):
    """主办: what only the unit that answers for the case does."""
    return None if order.role == WorkRole.LEAD else _("Only the lead unit does this.")


@WORK_ORDER.need("is_part")
def is_part(order: WorkOrder):
    """协办, 发令: what concerns the parts beside the lead."""
    return None if order.role != WorkRole.LEAD else _("This is for co-handlers and ordered departments.")


@WORK_ORDER.need("is_co_handler")
def is_co_handler(order: WorkOrder):
    """协办: the lead judges the part."""
    return None if order.role == WorkRole.CO else _("This is for co-handlers.")


@WORK_ORDER.need("is_spot_order")
def is_spot_order(order: WorkOrder):
    """发令: only departments ordered to the spot arrive there."""
    return None if order.role == WorkRole.ORDER else _("This is for departments ordered to the spot.")


@WORK_ORDER.need("has_arrived")
def has_arrived(order: WorkOrder):
    """到场: an ordered department has no result before somebody came."""
    if order.role != WorkRole.ORDER or order.co_task.arrived_at:
        return None
    return _("Nobody has arrived on the spot yet.")


@WORK_ORDER.need("citizen_contacted")
def citizen_contacted(order: WorkOrder):
    """24 小时联系: the citizen was reached, or tried often enough; without a caller there is nobody."""
    if order.role != WorkRole.LEAD or order.contacted_at or order.case.citizen_id is None:
        return None
    tries = count_tries(order)
    if not tries:
        return _("The citizen has not been contacted yet.")
    wanted = int(get_parameter("contact.tries", timezone.localdate()))
    return _("The citizen was not reached: %(tries)s of %(wanted)s tries.") % {"tries": tries, "wanted": wanted}


@WORK_ORDER.need("no_open_co_task")
def no_open_co_task(order: WorkOrder):
    """主办 cannot report while a co-handler or a department ordered to the spot is still at work."""
    if order.role != WorkRole.LEAD:
        return None
    count = sum(row.role != WorkRole.LEAD and row.state in OPEN_STATES for row in order.case.work_orders.all())
    return _("%(count)s co-tasks are still open.") % {"count": count} if count else None


@WORK_ORDER.need("photos_of_facility")
def photos_of_facility(order: WorkOrder):
    """城市部件: photos before and after handling [S]."""
    version = order.case.item_version
    if order.role != WorkRole.LEAD or version is None or not version.is_component:
        return None
    kinds = set(order.case.attachments.values_list("kind", flat=True))
    if {AttachmentKind.BEFORE, AttachmentKind.AFTER} <= kinds:
        return None
    return _("A city facility needs photos from before and after.")


@WORK_ORDER.need("citizen_told")
def citizen_told(order: WorkOrder):
    """办理告知: nothing is closed before the citizen was told, or could not be."""
    last = last_report(order)
    if order.case.citizen_id is None or (last is not None and last.told_way):
        return None
    told = Telling.objects.filter(work_order__case_id=order.case_id, work_order__round=order.round)
    return None if told.filter(kind=ToldOf.RESULT).exists() else _("The citizen has not been told the result.")


@WORK_ORDER.need("criteria_met")
def criteria_met(order: WorkOrder):
    """办结标准 by kind of request: the report holds what the criteria ask for."""
    return missing_evidence(order)


def count_tries(order: WorkOrder) -> int:
    """Return how many vain tries of this round count: each at least `contact.try_gap` minutes after the one before."""
    orders = [row for row in order.case.work_orders.all() if row.round == order.round]
    prefetch_related_objects(orders, "contacts")  # asks nothing where the page of the case has read them
    contacts = [contact for row in orders for contact in row.contacts.all()]
    vain = sorted(contact.at for contact in contacts if contact.result == ContactResult.UNREACHABLE)
    gap = timedelta(minutes=int(get_parameter("contact.try_gap", timezone.localdate())))
    counted, last = 0, None
    for at in vain:
        if last is None or at >= last + gap:
            counted, last = counted + 1, at
    return counted

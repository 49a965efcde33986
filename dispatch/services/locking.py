"""Locked reads of work orders: always the case first, then the work order, so that no two services wait in a circle."""

from django.utils.translation import gettext as _

from dispatch.models import WorkOrder
from grid import access
from intake import services as intake
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, StalePage


def lock_work_order(work_order_id: int, *, by: Actor, row_version: int | None = None) -> WorkOrder:
    """Return the work order with its case, both locked.

    Raises OutOfSight when there is none, StalePage when somebody changed it since the page with `row_version`.
    """
    case_id = WorkOrder.objects.filter(pk=work_order_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise OutOfSight(_("Not found."))
    case = intake.lock_case(case_id, by=by)
    order = (
        WorkOrder.objects.select_related(
            "unit__home_area", "unit__parent", "area", "parent__unit", "review_unit__parent"
        )
        .select_for_update(of=("self",))
        .get(pk=work_order_id)
    )
    order.case = case
    if row_version is not None and row_version != order.row_version:
        raise StalePage(_("Somebody changed %(number)s meanwhile; it is shown afresh.") % {"number": order.number})
    return order


def require_at(by: Actor, acts: tuple[str, ...], order: WorkOrder, unit) -> None:
    """Raise unless `by` holds one of `acts` at `unit`: lying in one's area does not make a work order one's own."""
    reason = access.why_not(by, acts, unit)
    if reason is None:
        return
    if by.user is not None and not access.can_see(by.user, order):
        raise OutOfSight(_("Not found."))
    raise NotAllowed(reason)


def save(order: WorkOrder, *names: str) -> None:
    """Write the named columns and count the change, so that older pages are recognised as stale."""
    order.row_version += 1
    order.save(update_fields=[*names, "row_version"])

"""Who may review what: in a community, where one person often does both, nobody reviews what they handled."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.models import WorkOrder
from grid.choices import Level
from shenzhen_gov.core.actor import Actor

OWN_WORK = _("You handled this yourself; somebody else, or the level above, reviews it.")


def why_not_review(work_order: WorkOrder, by: Actor) -> str | Promise | None:
    """Return why `by` may not review this report, or None; whether the role is held is asked elsewhere."""
    unit = work_order.review_unit
    if unit is None or unit.level < Level.COMMUNITY or by.user is None:
        return None
    return OWN_WORK if work_order.handler_id == by.user.pk else None

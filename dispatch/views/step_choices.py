"""What forms of steps on a work order offer to choose from: step → (request, work order) → arguments of the form."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from dispatch import forms, selectors
from dispatch.models import WorkOrder
from dispatch.services.closing import get_criteria, wanted_evidence
from dispatch.services.report_needs import report_needs


def _hand_down(request, order: WorkOrder) -> dict:
    today = timezone.localdate()
    units, proposed = selectors.by_estate(selectors.find_units_below(request.user, order, today), order, today)
    nearest = selectors.nearest_unit(proposed, order)
    units.sort(key=lambda unit: unit.pk != nearest)
    return {"units": units, "officers": selectors.name_officers(units), "initial": {"unit_id": nearest}}


def _approve(_request, order: WorkOrder) -> dict:
    return {"criteria": all_criteria(order)}


def _report(_request, order: WorkOrder) -> dict:
    accepted = selectors.list_accepted(order) if order.parent_id is None or order.role == "lead" else []
    initial = {"done_on": timezone.localdate(), "text": selectors.text_taken_back(order)}
    criteria = all_criteria(order) if order.role == "lead" else []
    shown = {"evidence": wanted_evidence(order), "needs": report_needs(order, timezone.now())}
    return shown | {"accepted": accepted, "criteria": criteria, "initial": initial}


def _add_co(_request, order: WorkOrder) -> dict:
    return {"groups": selectors.find_helpers(order, timezone.localdate())}


def _order(_request, order: WorkOrder) -> dict:
    units = selectors.find_callable(order, timezone.now())
    return {"units": units, "initial": {"place": order.case.address or str(order.case.area or "")}}


def _arrive(request, order: WorkOrder) -> dict:
    return {"is_caller": selectors.calls_for(request.user, order)}


def _refuse_entry(_request, order: WorkOrder) -> dict:
    return {"quoted": selectors.quote_entry(order, timezone.localdate())}


def _ask_return(_request, order: WorkOrder) -> dict:
    return {"items": selectors.find_other_entries(order, timezone.localdate())}


def _ask_part_return(request, order: WorkOrder) -> dict:
    """What a request seems to name: the first matter stays, the others go back; the person puts it right."""
    first, *others = selectors.propose_parts(order.case, timezone.localdate())
    initial = {"rest": first.content, "part": "\n".join(part.content for part in others)}
    return {"items": selectors.find_other_entries(order, timezone.localdate()), "initial": initial}


def _ask_extend(_request, order: WorkOrder) -> dict:
    return {"most": selectors.most_days(order, timezone.now())}


def all_criteria(order: WorkOrder) -> list[str]:
    """Return what is checked off before approving: the closing criteria of the item, then of the kind of request."""
    version = order.case.item_version
    own = forms.split_criteria(version.close_criteria) if version else []
    return own + [one.label for one in get_criteria(order.case)]


CHOICES: dict[str, Callable] = {
    "hand_down": _hand_down,
    "approve": _approve,
    "report": _report,
    "add_co": _add_co,
    "order": _order,
    "arrive": _arrive,
    "refuse_entry": _refuse_entry,
    "ask_return": _ask_return,
    "ask_part_return": _ask_part_return,
    "ask_extend": _ask_extend,
}

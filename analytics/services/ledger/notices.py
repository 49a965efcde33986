"""What the ledger tells people. Texts and ways are data (grid: MessageTemplate); a case is named by its number."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import lazy

from analytics.models import AssessmentMonth, ExclusionRequest
from analytics.workflow import EXCLUSION
from grid.access import holders_at
from grid.choices import Act
from grid.models import Unit
from grid.services import Receiver, send_message


def tell_asked(request: ExclusionRequest, *, now: datetime) -> int:
    """Tell who keeps the ledger at the nearest unit above the one that asks."""
    path = [int(part) for part in request.unit.path.strip("/").split("/")][:-1]
    unit_id = next((pk for pk in reversed(path) if holders_at(pk, Act.KEEP_ASSESSMENT).exists()), None)
    to = [Receiver(unit_id=unit_id, act=Act.KEEP_ASSESSMENT.value)] if unit_id else []
    facts = _facts(request) | {"unit": str(request.unit)}
    return send_message("exclusion_asked", to, facts=facts, now=now, link=_page(request), about=request.case.number)


def tell_decided(request: ExclusionRequest, *, now: datetime) -> int:
    """Tell who asked what became of it."""
    facts = _facts(request) | {"outcome": EXCLUSION.states[request.state], "opinion": request.opinion}
    to = [Receiver(user_id=request.asker_id)]
    return send_message("exclusion_decided", to, facts=facts, now=now, link=_page(request), about=request.case.number)


def tell_frozen(row: AssessmentMonth, *, now: datetime) -> int:
    """Tell who keeps the ledger, city and districts, that a month is frozen."""
    units = Unit.objects.filter(kind="centre", closed_on=None).values_list("pk", flat=True)
    to = [Receiver(unit_id=unit, act=Act.KEEP_ASSESSMENT.value) for unit in units]
    return send_message("ledger_frozen", to, facts={"month": str(row)}, now=now, link="/analytics/ledger/")


def _facts(request: ExclusionRequest) -> dict:
    return {
        "number": request.case.number,
        "month": f"{request.month:%Y-%m}",
        "indicator": lazy(lambda: request.indicator.label, str)(),  # in both languages
    }


def _page(request: ExclusionRequest) -> str:
    return f"/analytics/ledger/exclusions/{request.pk}/"

"""The months of the ledger, and what may be done with one now."""

from __future__ import annotations

from datetime import date, timedelta

from analytics.models import AssessmentMonth, FiguresState, MonthFigures
from analytics.workflow import ASSESSMENT
from shenzhen_gov.core.workflow import Offer


def list_months(today: date, most: int) -> list[AssessmentMonth]:
    """Return the running month and those before it that have figures or were frozen, newest first."""
    known = {row.month: row for row in AssessmentMonth.objects.order_by("-month")[:most]}
    first = MonthFigures.objects.order_by("period").values_list("period", flat=True).first() or today
    month = today.replace(day=1)
    found: list[AssessmentMonth] = []
    while len(found) < most and (month >= first.replace(day=1) or month in known or not found):
        found.append(known.get(month) or AssessmentMonth(month=month))
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def steps_of(row: AssessmentMonth, today: date) -> list[Offer]:
    """Return the steps that start in the present state, each with the reason when it is off."""
    row.today = today
    return [offer for offer in ASSESSMENT.offers(row, lambda move: None) if offer.move.to_state]


def figures_of() -> FiguresState | None:
    """Return how far the figures have come."""
    return FiguresState.objects.first()

"""What a planned re-cut touches of cases, leads, QR points and the duty list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Left

from dispatch.selectors.loads import open_cases_at
from dutylist.selectors.recuts import count_rows_for
from grid.models import Recut
from grid.selectors import BUILDING_DIGITS
from intake.models import Case, Lead, ReportPoint
from intake.workflow import LEAD_DISMISSED, LEAD_DONE


@dataclass(frozen=True)
class RecutCases:
    """Open cases by the area that takes them; points and leads of an area that ends go to its successor."""

    by_target: list[tuple[str, int]]
    staying: int
    points: int
    leads: int
    items: int


def count_for_recut(user, pk: int) -> RecutCases | None:
    """Return what a re-cut in the user's sight touches, or None."""
    plan = Recut.objects.visible_to(user).select_related("area").filter(pk=pk).first()
    if plan is None:
        return None
    taker = {code: number for number, one in enumerate(plan.targets) for code in one["takes"]}
    rest = 0 if plan.ends else None
    counts: Counter[int | None] = Counter()
    cases = Case.objects.filter(pk__in=open_cases_at(plan.area)).order_by()
    for building, count in cases.values_list(Left("house_code", BUILDING_DIGITS)).annotate(Count("pk")):
        counts[taker.get(building, rest)] += count
    leads = Lead.objects.filter(area=plan.area).exclude(state__in=(LEAD_DONE, LEAD_DISMISSED))
    return RecutCases(
        by_target=[(one["name"] or one["code"], counts[number]) for number, one in enumerate(plan.targets)],
        staying=counts[None],
        points=ReportPoint.objects.filter(area=plan.area).count() if plan.ends else 0,
        leads=leads.count() if plan.ends else 0,
        items=count_rows_for(plan.area, plan.effective_on) if plan.ends else 0,
    )

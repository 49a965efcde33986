"""What a planned re-cut touches of cases, leads, QR points and the duty list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.selectors.loads import open_cases_at
from dutylist.selectors.recuts import count_rows_for
from grid.models import Area, Recut
from grid.selectors import BUILDING_DIGITS
from grid.selectors.recut_places import RecutPlaces
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
    counts = Counter(where.code if where else None for where in _open_cases_by_taker(plan))
    leads = Lead.objects.filter(area=plan.area).exclude(state__in=(LEAD_DONE, LEAD_DISMISSED))
    return RecutCases(
        by_target=[(one["name"] or one["code"], counts[one["code"]]) for one in plan.targets],
        staying=counts[None],
        points=ReportPoint.objects.filter(area=plan.area).count() if plan.ends else 0,
        leads=leads.count() if plan.ends else 0,
        items=count_rows_for(plan.area, plan.effective_on) if plan.ends else 0,
    )


def _open_cases_by_taker(plan: Recut) -> Iterator[Area | None]:
    """Yield where each open case of the area goes: by its building, without a house code by its point."""
    places, areas = RecutPlaces(plan), {one["code"]: one["takes"] for one in plan.targets}
    taker = {building: code for code, takes in areas.items() for building in takes}
    by_code = {area.code: area for area in places.targets}
    cases = Case.objects.filter(pk__in=open_cases_at(plan.area)).order_by()
    for house_code, longitude, latitude in cases.values_list("house_code", "longitude", "latitude").iterator():
        if house_code:
            code = taker.get(house_code[:BUILDING_DIGITS])
            yield by_code.get(code) if code else places.heir
        else:
            yield places.of_case_point(longitude, latitude)

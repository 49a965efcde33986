"""Near copies among the reports of a unit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from dispatch.models import ReportPrint
from dispatch.text_prints import likeness
from intake.models import CaseLink
from shenzhen_gov.core.parameters import get_parameter

MOST_COMPARED = 1_000  # the newest reports of a unit, so that a large one costs no more


def alike_reports(mine: ReportPrint, *, now: datetime) -> list[ReportPrint]:
    """Return the unit's other reports of the last `closure_check.report_days` that read nearly the same, newest first.

    What was reported for linked cases is one piece of work and counts for nothing.
    """
    day = timezone.localdate(now)
    since = mine.at - timedelta(days=get_parameter("closure_check.report_days", day))
    rows = ReportPrint.objects.filter(unit=mine.unit_id, at__gte=since).exclude(pk=mine.pk)
    least, marks = get_parameter("closure_check.likeness", day), mine.marks
    found = rows.order_by("-at").values_list("pk", "marks")[:MOST_COMPARED]
    alike = [pk for pk, others in found if likeness(marks, others) >= least]
    prints = ReportPrint.objects.filter(pk__in=alike).select_related("report__work_order__case").order_by("-at")
    linked = _linked_cases(mine.report.work_order.case_id)
    return [one for one in prints if one.report.work_order.case_id not in linked]


def _linked_cases(case_id: int) -> set[int]:
    """Return the case and those linked with it as one matter."""
    links = CaseLink.objects.filter(undone_at=None)
    main = links.filter(secondary=case_id).values_list("main", flat=True).first() or case_id
    return {main, case_id, *links.filter(main=main).values_list("secondary", flat=True)}

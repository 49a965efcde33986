"""Sample patrol plans 样例 for the sample cells; the sweep makes their rounds."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.files import DATA
from grid.models import Area, RoundPlan
from grid.services import NewPlan, NewRoundPoint, create_plan, end_rounds, make_rounds
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.csv_files import read_rows
from shenzhen_gov.core.exceptions import Refused

COLUMNS = ["area", "kind", "name", "opens_at", "closes_at", "every_days", "weekdays", "workdays_only", "points"]
DAYS_BACK = 2  # so that there are rounds to explain


def create_sample_rounds(*, by: Actor, now: datetime) -> int:
    """Make the plans of sample_round_plans.csv unless there are any, with the rounds of the last days."""
    if not settings.SAMPLE_SETUP:
        raise Refused(_("Sample data is refused: these settings are not of a sample set-up."))
    if RoundPlan.objects.exists():
        return 0
    begun = now - timedelta(days=DAYS_BACK)
    rows = [row for _number, row in read_rows(DATA / "sample_round_plans.csv", COLUMNS)]
    known = set(Area.objects.filter(code__in=[row["area"] for row in rows]).values_list("code", flat=True))
    for row in rows:
        if row["area"] in known:
            create_plan(_plan(row, begun), by=by, now=begun)
    make_rounds(now=now)
    end_rounds(now=now)
    return len(known)


def _plan(row: dict[str, str], begun: datetime) -> NewPlan:
    points = [part.split(":") for part in row["points"].split("|")]
    return NewPlan(
        area=row["area"], kind=row["kind"], name=row["name"], opens_at=time.fromisoformat(row["opens_at"]),
        closes_at=time.fromisoformat(row["closes_at"]), every_days=int(row["every_days"]), weekdays=row["weekdays"],
        workdays_only=row["workdays_only"] == "yes", valid_from=timezone.localdate(begun),
        points=[NewRoundPoint(name, longitude=float(x), latitude=float(y)) for name, x, y in points],
    )  # fmt: skip

"""A report and a special theme of the first district, for tests that walk through every page."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.core.management import call_command
from django.utils import timezone

from analytics.models import ThemeReview
from analytics.services import NewStep, NewTheme, ReportScope, make_report, move_theme, open_theme, subscribe
from dispatch.tests.world import NOON
from shenzhen_gov.core.actor import Actor

DAY = timezone.localdate(NOON)


def new_report_and_theme(city: SimpleNamespace, case) -> dict[str, int]:
    """Make both, as the leader and the analyst of the city would."""
    call_command("load_parameters", verbosity=0)
    district, centre = city.centres[0].home_area, city.centres[0]
    scope, later = ReportScope(area_id=district.pk), NOON + timedelta(days=1)
    report = make_report("daily", scope, DAY, by=Actor.staff(city.staff["leader"]), now=later)
    wanted = subscribe("daily", scope, language="en", by=Actor.staff(city.staff["supervisor"]), now=NOON)
    data = NewTheme(
        title="楼道堆物", area_id=district.pk, item_ids=[case.item_id], owner_id=centre.pk, target_value=Decimal(20),
        started_on=DAY, target_on=DAY + timedelta(days=60), steps=[NewStep("排查", "社区", DAY)],
    )  # fmt: skip
    given = {"by": Actor.staff(city.staff["analyst"]), "now": NOON}
    theme = open_theme(data, **given)
    move_theme(theme.pk, "start", **given)
    review = ThemeReview.objects.create(theme=theme, month=DAY.replace(day=1), due_on=DAY)
    return {
        "report": report.pk,
        "report_area": district.pk,
        "subscription": wanted.pk,
        "special_theme": theme.pk,
        "theme_step": theme.steps.get().pk,
        "theme_review": review.pk,
    }

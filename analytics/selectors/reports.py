"""Reading reports: who may read which; the choice of what one may have a report about."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import LEVEL_READERS
from analytics.models import Report, ReportSubscription
from grid.access import grants_of, visible_to, why_not
from grid.models import Area, Unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight

LEVELS_OFFERED = 2  # below one's own: of a city the districts and subdistricts


def list_reports(user) -> QuerySet[Report]:
    """Return the reports `user` may read: of areas and units where one of the roles that read figures is held."""
    rows = visible_to(Report.objects.all(), user).select_related("area", "unit").defer("content")
    if user.is_superuser:
        return rows
    allowed = Q(pk__in=[])
    for grant in grants_of(user).rows:
        if grant.act in LEVEL_READERS:
            if grant.whole_city:
                return rows
            allowed |= Q(unit__path__startswith=grant.unit_path)
            allowed |= Q(area__path__startswith=grant.area_path) if grant.area_path else Q(pk__in=[])
    return rows.filter(allowed)


def get_report(report_id: int, user) -> Report:
    """Return a report. Raises OutOfSight outside of one's territory, NotAllowed within it without the act."""
    rows = visible_to(Report.objects.all(), user).select_related("area", "unit")
    report = rows.filter(pk=report_id).first()
    if report is None:
        raise OutOfSight(_("Not found."))
    if not user.is_superuser and (reason := why_not(Actor.staff(user), LEVEL_READERS, report)):
        raise NotAllowed(reason)
    return report


def list_editions(report: Report) -> QuerySet[Report]:
    """Return all editions of a report, the newest first."""
    rows = Report.objects.about(report.kind, report.area_id, report.unit_id, report.first)
    return rows.order_by("-edition").defer("content")


def list_subscriptions(user) -> QuerySet[ReportSubscription]:
    """Return what `user` subscribed to."""
    return ReportSubscription.objects.filter(user=user).select_related("area", "unit").order_by("kind", "id")


def areas_to_report(user) -> QuerySet[Area]:
    """Return the areas one may choose for a report: one's own and two levels below."""
    rows = visible_to(Area.objects.filter(is_active=True), user)
    if user.is_superuser:
        return rows.filter(level__lte=1 + LEVELS_OFFERED).order_by("path")
    paths = {grant.area_path for grant in grants_of(user).rows if grant.act in LEVEL_READERS and grant.area_path}
    within = Q(pk__in=[])
    for path in paths:
        depth = path.strip("/").count("/") + 1
        within |= Q(path__startswith=path, level__lte=depth + LEVELS_OFFERED)
    return rows.filter(within).order_by("path")


def unit_named(name: str, user) -> Unit:
    """Return the one unit in sight of this name. Raises BadInput(field="unit")."""
    found = list(visible_to(Unit.objects.open_on(timezone.localdate()).ever_named(name), user)[:2])
    if len(found) != 1:
        text = _("There is no unit of this name in your sight.") if not found else _("Several units have this name.")
        raise BadInput(text, field="unit")
    return found[0]

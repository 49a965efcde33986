"""日报, 周报, 月报: made by the clock for whoever subscribed, or on demand; once for each time, and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import LEVEL_READERS, ReportKind
from analytics.models import Report, ReportSubscription
from analytics.selectors.figures import Period, month_end
from analytics.selectors.report_content import Wanted, content_of, period_words
from grid import access
from grid.models import Area, Unit
from grid.services import Receiver, send_message
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight
from shenzhen_gov.core.parameters import get_parameter

MOST_AT_ONCE = 50  # reports of one sweep; the next minute goes on
MOST_EDITIONS = 20
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class ReportScope:
    """What a report is about: an area, or a unit with those below it."""

    area_id: int | None = None
    unit_id: int | None = None


@transaction.atomic
def make_report(kind: str, scope: ReportScope, day: date, *, anew: bool = False, by: Actor, now: datetime) -> Report:
    """Make the report of the time that `day` lies in, or return the one that was made; `anew` makes a new edition.

    Raises BadInput naming the field for a time that is not over, OutOfSight or NotAllowed for what one may not read.
    """
    area, unit = _scope(scope)
    _require(by, area, unit)
    period = period_of(kind, day)
    if period.last >= timezone.localdate(now):
        raise BadInput(_("That time is not over; its report is made when it is."), field="day")
    return _make(Wanted(kind, area, unit, period), anew=anew, by=by, now=now)


@transaction.atomic
def subscribe(
    kind: str, scope: ReportScope, *, language: str, by_mail: bool = False, by: Actor, now: datetime
) -> ReportSubscription:
    """Want a report from now on; subscribed to already, language and way are changed."""
    area, unit = _scope(scope)
    _require(by, area, unit)
    if kind not in ReportKind.values:
        raise BadInput(_("There is no such report."), field="kind")
    if language not in dict(settings.LANGUAGES):
        raise BadInput(_("There is no such language."), field="language")
    wanted, _is_new = ReportSubscription.objects.update_or_create(
        user=by.user, kind=kind, area=area, unit=unit,
        defaults={"language": language, "by_mail": by_mail}, create_defaults={
            "language": language, "by_mail": by_mail, "created_at": now,
        },
    )  # fmt: skip
    audit.record("report.subscribed", wanted, by=by, now=now, changes={"report": str(wanted)})
    return wanted


@transaction.atomic
def unsubscribe(subscription_id: int, *, by: Actor, now: datetime) -> None:
    """Want a report no longer; only one's own."""
    found = ReportSubscription.objects.select_for_update().filter(pk=subscription_id, user=by.user).first()
    if found is None:
        raise OutOfSight(_("Not found."))
    audit.record("report.unsubscribed", found, by=by, now=now, changes={"report": str(found)})
    found.delete()


def make_due_reports(*, by: Actor, now: datetime) -> int:
    """Make the reports that somebody subscribed to and whose hour has come; returns how many.

    Each is made, and its readers told, in one transaction: run twice or killed half-way, nothing is made or told twice.
    """
    made = 0
    for kind in ReportKind.values:
        period = due_period(kind, now)
        if period is None:
            continue
        waiting = ReportSubscription.objects.waiting_for(kind, period.first).order_by("area", "unit")
        scopes = waiting.values_list("area", "unit").distinct()[: MOST_AT_ONCE - made]
        for area_id, unit_id in list(scopes):
            made += _make_due(kind, area_id, unit_id, period, by=by, now=now)
    return made


def period_of(kind: str, day: date) -> Period:
    """Return the time of a report: the day, the week from Monday, or the month that `day` lies in."""
    if kind == ReportKind.DAILY:
        return Period(day, day)
    if kind == ReportKind.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=DAYS_OF_A_WEEK - 1))
    if kind == ReportKind.MONTHLY:
        return Period(day.replace(day=1), month_end(day))
    raise BadInput(_("There is no such report."), field="kind")


def due_period(kind: str, now: datetime) -> Period | None:
    """Return the newest time whose report should have been made by now; None before the hour of the day.

    The daily brief is due every day at its hour, the weekly report from Monday's on, the monthly one from that of a
    day of the month on (parameters); the time before the last one is not made up for.
    """
    local = timezone.localtime(now)
    today = local.date()
    if local.hour * 60 + local.minute < get_parameter("report.minute", today):
        return None
    if kind == ReportKind.DAILY:
        return period_of(kind, today - timedelta(days=1))
    if kind == ReportKind.WEEKLY:
        return period_of(kind, today - timedelta(days=DAYS_OF_A_WEEK))
    if today.day < get_parameter("report.monthly_day", today):
        return None
    return period_of(kind, today.replace(day=1) - timedelta(days=1))


@transaction.atomic
def _make_due(kind: str, area_id: int, unit_id: int | None, period: Period, *, by: Actor, now: datetime) -> bool:
    """Make one report and tell its readers, unless another process just did."""
    area, unit = _scope(ReportScope(None if unit_id else area_id, unit_id))
    _lock(kind, area, unit, period)
    if Report.objects.about(kind, area.pk, unit_id, period.first).exists():
        return False
    report = _make(Wanted(kind, area, unit, period), by=by, now=now)
    readers = ReportSubscription.objects.filter(kind=kind, unit=unit).select_related("user")
    for reader in readers if unit else readers.filter(area=area):
        _tell(report, reader, now)
    return True


def _tell(report: Report, reader: ReportSubscription, now: datetime) -> None:
    """Tell one reader, who may read it still; the link opens the language subscribed to."""
    if not reader.user.is_active or access.why_not(Actor.staff(reader.user), LEVEL_READERS, report):
        return
    facts = {
        "name": str(report.unit or report.area),
        "kind": ReportKind(report.kind).label,
        "period": period_words(Period(report.first, report.last)),
    }
    template = "report_made_mail" if reader.by_mail else "report_made"
    link = f"/analytics/reports/{report.pk}/?in={reader.language}"
    send_message(template, [Receiver(user_id=reader.user_id)], facts=facts, now=now, link=link)


def _make(wanted: Wanted, *, anew: bool = False, by: Actor, now: datetime) -> Report:
    area, unit, first = wanted.area, wanted.unit, wanted.period.first
    _lock(wanted.kind, area, unit, wanted.period)
    newest = Report.objects.about(wanted.kind, area.pk, unit.pk if unit else None, first).order_by("-edition").first()
    if newest and not anew:
        return newest
    edition = newest.edition + 1 if newest else 1
    if edition > MOST_EDITIONS:
        raise BadInput(_("There are %(count)s editions of it already.") % {"count": MOST_EDITIONS}, field="day")
    content = content_of(wanted, [code for code, _name in settings.LANGUAGES], now)
    report = Report.objects.create(
        kind=wanted.kind, area=area, unit=unit, first=first, last=wanted.period.last, edition=edition,
        content=content, made_at=now, made_by=by.name[:120],
    )  # fmt: skip
    audit.record("report.made", report, by=by, now=now, changes={"report": str(report), "edition": edition})
    return report


def _lock(kind: str, area: Area, unit: Unit | None, period: Period) -> None:
    """Let no second process make the same report at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"report {kind} {area.pk} {unit.pk if unit else 0} {period.first}"])


def _scope(scope: ReportScope) -> tuple[Area, Unit | None]:
    if scope.unit_id is not None:
        unit = Unit.objects.select_related("home_area").filter(pk=scope.unit_id).first()
        if unit is None:
            raise OutOfSight(_("Not found."))
        return unit.home_area, unit
    area = Area.objects.filter(pk=scope.area_id or 0).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    return area, None


def _require(by: Actor, area: Area, unit: Unit | None) -> None:
    """Refuse whoever may not read figures of what the report is about; the report itself is asked again when read."""
    if by.kind == SYSTEM or (by.user is not None and by.user.is_superuser):
        return
    access.require(by, LEVEL_READERS, Report(area=area, unit=unit))

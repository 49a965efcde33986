"""Looking for early warnings: each detector when its hour has come, risk words every minute; what is found is kept.

A look that was made is a row of DetectorRun and is not made again; a process that dies leaves the rest to the next.
What is found again brings its warning up to date, a verdict stays, and a false alarm that grows is judged again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from analytics.choices import WarningKind
from analytics.detecting import LOOKS, MOST_CASES, Found, Ground
from analytics.models import DetectorRun, EarlyWarning
from analytics.workflow import WARNING, WARNING_FALSE, WARNING_LIVE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import run_job
from shenzhen_gov.core.parameters import get_parameter

from .warning_notices import tell_analysts

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('analytics_detectorrun', 0))"
REMEMBERED = timedelta(days=14)  # so far back a text cluster is known again by its cases
SHARED = 1 / 3  # of the smaller one's cases
WEEK = timedelta(days=7)


def detect_due(*, by: Actor, now: datetime) -> int:
    """Let every detector look whose hour has come; returns how many warnings were found."""
    slot, day = slot_of(now)
    made = set(DetectorRun.objects.filter(slot_at=slot).values_list("kind", flat=True))
    due = [kind for kind in LOOKS if kind not in made]
    if not due:
        return 0
    total = 0
    with run_job("detectors", by=by, now=now) as job:
        ground = Ground(day)
        for number, kind in enumerate(due):
            job.progress(number, len(due))
            total += look(kind, ground, slot, by=by, now=now)
        job.progress(len(due))
        job.result = {"day": day.isoformat(), "found": total}
    return total


def slot_of(now: datetime) -> tuple[datetime, date]:
    """Return the last moment at which detectors were due, and the day they look at then.

    The first look after midnight is at the day before, which is complete by then; the others at the day so far.
    """
    local = timezone.localtime(now)
    every = min(max(int(get_parameter("warning.every_hours", local.date())), 1), 24)
    hour = local.hour // every * every
    slot = datetime.combine(local.date(), time(hour), tzinfo=local.tzinfo)
    return slot, local.date() - timedelta(days=1) if hour == 0 else local.date()


@transaction.atomic
def look(kind: WarningKind, ground: Ground, slot: datetime, *, by: Actor, now: datetime) -> int:
    """Let one detector look and keep what it finds, wholly or not at all; returns how many warnings."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0] or DetectorRun.objects.filter(kind=kind, slot_at=slot).exists():
            return 0
    found = list(LOOKS[kind](ground))
    fresh = keep(found, ground, by=by, now=now)
    DetectorRun.objects.create(kind=kind, slot_at=slot, ended_at=now, found=len(found), fresh=len(fresh))
    tell_analysts(fresh, now=now)
    return len(found)


def keep(found: Iterable[Found], ground: Ground, *, by: Actor, now: datetime) -> list[EarlyWarning]:
    """Write what was found over what is known of it; returns the warnings that are new or to be judged again."""
    found = list(found)
    known = _Known(found, now)
    fresh = []
    for one in found:
        warning = known.of(one)
        if warning is None:
            warning = EarlyWarning(kind=one.kind, subject=one.subject, period=_period(one, now), found_at=now)
            fresh.append(warning)
        else:
            one = _with_earlier(warning, one) if one.kind == WarningKind.RISK else one
            if _has_grown(warning, one, ground):
                warning.state = WARNING.check("reopen", warning).to_state or warning.state
                audit.record("warning.reopened", warning, by=by, now=now, changes={"count": one.count})
                fresh.append(warning)
        _write(warning, one, ground, by=by, now=now)
        known.add(warning)
    return fresh


class _Known:
    """Warnings that what is found now may be: of the same subject, in this period or still open, or of its cases."""

    def __init__(self, found: list[Found], now: datetime):
        since = now - REMEMBERED
        rows = EarlyWarning.objects.select_for_update().filter(kind__in={one.kind for one in found})
        self.now = now
        self.by_subject: dict[str, list[EarlyWarning]] = defaultdict(list)
        self.clusters: list[EarlyWarning] = []
        for row in rows.filter(last_found_at__gte=since).order_by("pk"):
            self.add(row)

    def add(self, row: EarlyWarning) -> None:
        """Take in a warning."""
        if row not in self.by_subject[row.subject]:
            self.by_subject[row.subject].append(row)
            self.clusters += [row] if row.kind == WarningKind.CLUSTER else []

    def of(self, one: Found) -> EarlyWarning | None:
        """Return the warning that this is, the newest first."""
        for row in reversed(self.by_subject[one.subject]):
            if row.period == _period(one, self.now) or (row.state in WARNING_LIVE and _is_near(row, one, self.now)):
                return row
        return self._of_same_cases(one) if one.kind == WarningKind.CLUSTER else None

    def _of_same_cases(self, one: Found) -> EarlyWarning | None:
        cases = set(one.cases[:MOST_CASES])
        shares = [(len(cases.intersection(row.case_ids)), row) for row in self.clusters]
        shares = [(number, row) for number, row in shares if number >= SHARED * min(len(cases), len(row.case_ids) or 1)]
        return max(shares, key=lambda pair: pair[0])[1] if shares else None


def _period(one: Found, now: datetime) -> date:
    """Return what a warning is not doubled in: the week, by its Monday; the day for risk words."""
    today = timezone.localdate(now)
    return today if one.kind == WarningKind.RISK else today - timedelta(days=today.weekday())


def _is_near(row: EarlyWarning, one: Found, now: datetime) -> bool:
    return now - row.last_found_at <= (timedelta(days=1) if one.kind == WarningKind.RISK else WEEK)


def _has_grown(warning: EarlyWarning, one: Found, ground: Ground) -> bool:
    """Whether a false alarm matters more by now (parameter warning.worse)."""
    return warning.state == WARNING_FALSE and one.count > warning.judged_count * ground.parameter("warning.worse")


def _write(warning: EarlyWarning, one: Found, ground: Ground, *, by: Actor, now: datetime) -> None:
    """Bring a warning up to date; what it is called and about stays as it was first found."""
    is_new = warning.pk is None
    if is_new:
        warning.area_id, warning.item_id, warning.unit_id = one.area, one.item, one.unit
        warning.name, warning.first_day = one.name[:160], one.first
    else:
        warning.times_found += 1
    warning.last_day, warning.count, warning.citizens = one.last, one.count, one.citizens
    warning.expected, warning.evidence, warning.last_found_at = one.expected, one.evidence, now
    weight = ground.parameter(f"warning.weight_{one.kind.value}")
    warning.score = round(weight * one.strength, 3)
    warning.row_version += 0 if is_new else 1
    warning.save()
    if is_new:
        audit.record("warning.found", warning, by=by, now=now, changes={"kind": one.kind.value, "count": one.count})


def _with_earlier(warning: EarlyWarning, one: Found) -> Found:
    """Return a risk with the cases that were known before: a minute's look sees only the last hours."""
    cases = tuple(sorted({*one.cases, *warning.case_ids}, reverse=True))
    words = [*dict.fromkeys([*warning.evidence["facts"].get("words", []), *one.facts["words"]])][:10]
    values = {**vars(one), "cases": cases, "count": max(one.count, len(cases)), "strength": float(len(cases))}
    values |= {"citizens": max(one.citizens, warning.citizens), "facts": {**one.facts, "words": words}}
    return Found(**values)

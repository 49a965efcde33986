"""Every write of analytics: looking through the duty list, and setting findings aside. Nothing else is ever changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import READERS, FindingState
from analytics.models import RadarFinding, RadarRun
from analytics.radar import FINDERS, Found, Ground
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.jobs import run_job

NIGHTLY_AT = time(3, 0)
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('analytics_radarrun', 0))"


@dataclass(frozen=True)
class Refreshed:
    """What a look through the list brought."""

    found: int
    fresh: int
    gone: int


@transaction.atomic
def ask_refresh(*, by: Actor, now: datetime) -> RadarRun:
    """Ask for a look through the list, made within a minute; while one waits, that one is returned."""
    if by.user is None or not any(access.holds(by.user, act) for act in READERS):
        raise NotAllowed(_("The quality radar is for those who enter, review or publish changes of the duty list."))
    run, is_new = RadarRun.objects.get_or_create(ended_at=None, defaults={"asked_at": now, "asked_by": by.name})
    if is_new:
        audit.record("radar.asked", run, by=by, now=now)
    return run


def refresh_due(*, by: Actor, now: datetime) -> Refreshed | None:
    """Look through the list when that was asked for or the night's turn has come; None when there is nothing to do."""
    if not _is_due(now):
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0] or not _is_due(now):
            return None
        return refresh_radar(by=by, now=now)


def refresh_radar(*, by: Actor, now: datetime) -> Refreshed:
    """Look through the whole list and bring the findings up to date, as one job run with progress."""
    with run_job("radar", by=by, now=now) as job, transaction.atomic():
        ground = Ground(now)
        found: dict[tuple, Found] = {}
        for number, find in enumerate(FINDERS):
            job.progress(number, len(FINDERS))
            found |= {one.key: one for one in find(ground)}
        refreshed = _bring_up_to_date(found, ground, now)
        if not RadarRun.objects.filter(ended_at=None).update(ended_at=now, found=refreshed.found):
            RadarRun.objects.create(asked_at=now, asked_by=by.name, ended_at=now, found=refreshed.found)
        job.progress(len(FINDERS))
        job.result = {"found": refreshed.found, "fresh": refreshed.fresh, "gone": refreshed.gone}
    return refreshed


@transaction.atomic
def dismiss_finding(finding_id: int, reason: str, *, by: Actor, now: datetime) -> RadarFinding:
    """Set a finding aside, with a reason. It comes back by itself when its score grows (parameter radar.worse)."""
    finding = _locked(finding_id, by, FindingState.OPEN)
    reason = reason.strip()
    if not reason:
        raise BadInput(_("Say why the finding may be set aside."), field="reason")
    finding.state = FindingState.DISMISSED
    finding.dismissed_at, finding.dismissed_by = now, by.name
    finding.dismissed_because, finding.dismissed_score = reason[:300], finding.score
    finding.save()
    audit.record("radar.dismissed", finding, by=by, now=now, changes={"score": finding.score}, note=reason[:300])
    return finding


@transaction.atomic
def reopen_finding(finding_id: int, *, by: Actor, now: datetime) -> RadarFinding:
    """Take a finding up again that was set aside."""
    finding = _locked(finding_id, by, FindingState.DISMISSED)
    finding.state = FindingState.OPEN
    finding.save()
    audit.record("radar.reopened", finding, by=by, now=now)
    return finding


def _locked(finding_id: int, by: Actor, state: str) -> RadarFinding:
    """Return the finding, locked, for somebody who may decide about it while it is in this state."""
    finding = RadarFinding.objects.select_for_update(of=("self",)).select_related("area").filter(pk=finding_id).first()
    if finding is None:
        raise OutOfSight(_("Not found."))
    access.require(by, READERS, finding)
    if finding.state != state:
        text = _("The finding is now: %(state)s.")
        raise IllegalMove(text % {"state": finding.get_state_display()})
    return finding


def _is_due(now: datetime) -> bool:
    if RadarRun.objects.filter(ended_at=None).exists():
        return True
    local = timezone.localtime(now)
    tonight = datetime.combine(local.date(), NIGHTLY_AT, tzinfo=local.tzinfo)
    return local >= tonight and not RadarRun.objects.filter(ended_at__gte=tonight).exists()


def _bring_up_to_date(found: dict[tuple, Found], ground: Ground, now: datetime) -> Refreshed:
    """Write what was found now over what was found before; what is found no longer stays, as gone."""
    before = RadarFinding.objects.select_for_update()
    known = {(row.item_id, row.kind, row.area_id, row.other_id): row for row in before}
    weights: dict[str, float] = {}
    rows = []
    for key, one in found.items():
        weight = weights.setdefault(one.kind, ground.parameter(f"radar.weight_{one.kind}"))
        rows.append(_row(one, known.get(key), weight, ground, now))
    _write(rows)
    gone = [row.pk for key, row in known.items() if key not in found and row.state != FindingState.GONE]
    RadarFinding.objects.filter(pk__in=gone).update(state=FindingState.GONE)
    return Refreshed(len(found), len(found.keys() - known.keys()), len(gone))


def _row(one: Found, known: RadarFinding | None, weight: float, ground: Ground, now: datetime) -> RadarFinding:
    """Return the row of a finding: a new one, or the known one with today's figures."""
    item_id, kind, area_id, other_id = one.key
    row = known or RadarFinding(item_id=item_id, kind=kind, area_id=area_id, other_id=other_id, first_seen_at=now)
    row.name, row.path_text, row.figures = one.version.name, one.version.path_text, one.figures
    row.cases, row.weight, row.score = one.cases, weight, (one.cases + 1) * weight
    row.last_seen_at = now
    if row.state == FindingState.GONE or _has_grown(row, ground):
        row.state = FindingState.OPEN
    return row


def _has_grown(row: RadarFinding, ground: Ground) -> bool:
    """Whether a finding that was set aside matters more by now."""
    limit = (row.dismissed_score or 0) * ground.parameter("radar.worse")
    return row.state == FindingState.DISMISSED and row.score > limit


def _write(rows: Iterable[RadarFinding]) -> None:
    fields = ["name", "path_text", "figures", "cases", "weight", "score", "last_seen_at", "state"]
    RadarFinding.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["item", "kind", "area", "other"],
        update_fields=fields,
    )

"""Risk words at once: every minute the cases that came in since the last look are read, never the history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from analytics.choices import WarningKind
from analytics.detecting import Ground, risk_found
from analytics.detectors import RiskHit, gather_risks
from analytics.models import DetectorRun, EarlyWarning
from grid.choices import Level
from intake.choices import RiskTopic
from intake.models import Case
from intake.selectors import find_risks
from intake.workflow import DRAFT, VOID
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.parameters import get_parameter

from .detecting import keep
from .warning_notices import tell_analysts

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('analytics_risk_sweep', 0))"
LOOKED_BACK = 2_000  # ids are drawn before their transactions end, so a lower one may appear after a higher one
MARGIN = timedelta(minutes=5)
MOST = 20_000  # cases in one look
COLUMNS = ("pk", "citizen", "area", "title", "content")


@transaction.atomic
def watch_risks(*, by: Actor, now: datetime) -> int:
    """Read the cases that came in since the last look; returns how many warnings were found or grew."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0]:
            return 0
    last = DetectorRun.objects.filter(kind=WarningKind.RISK).order_by("-slot_at").first()
    since = (last.ended_at if last else now) - MARGIN
    rows = _newcomers(last.read_until - LOOKED_BACK if last else 0, since)
    hits = [RiskHit(pk, citizen, area, topic, words) for pk, citizen, area, topic, words in _hits(rows)]
    fresh, found = _keep(hits, by=by, now=now) if hits else ([], 0)
    _note(last, max((row[0] for row in rows), default=0), found, len(fresh), now)
    return found


def _newcomers(after: int, since: datetime) -> list[tuple]:
    """Return the cases registered since then, oldest first. Imported history was registered long ago."""
    cases = Case.objects.filter(pk__gt=max(after, _floor(since)), registered_at__gte=since)
    return list(cases.exclude(state__in=(DRAFT, VOID)).order_by("pk").values_list(*COLUMNS)[:MOST])


def _floor(since: datetime) -> int:
    """Return an id below everything that came in lately, so that a first look reads no history."""
    newest = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return newest - MOST - LOOKED_BACK


def _hits(rows: Iterable[tuple]) -> Iterable[tuple]:
    for pk, citizen, area, title, content in rows:
        for topic, words in find_risks(f"{title}\n{content}").items():
            yield pk, citizen, area, topic, words


def _keep(hits: list[RiskHit], *, by: Actor, now: datetime) -> tuple[list[EarlyWarning], int]:
    """Gather the hits by community and keep the risks that no warning holds yet."""
    ground = Ground(timezone.localdate(now))
    territory = ground.territory
    placed = [
        RiskHit(hit.case, hit.citizen, territory.at(hit.area, Level.COMMUNITY) if hit.area else territory.city,
                hit.topic, hit.words)
        for hit in hits
    ]  # fmt: skip
    since = now - timedelta(hours=get_parameter("risk.hours", ground.day))
    recent = EarlyWarning.objects.filter(kind=WarningKind.RISK, last_found_at__gte=since)
    known = {(row.area_id, row.evidence["facts"]["topic"], case) for row in recent for case in row.case_ids}
    new = [hit for hit in placed if (hit.area, hit.topic, hit.case) not in known]
    with override("zh-hans"):  # what is kept is kept in the language of the city
        found = [risk_found(risk, ground, _label(risk.topic)) for risk in gather_risks(new)]
    fresh = keep(found, ground, by=by, now=now)
    tell_analysts(fresh, now=now)
    return fresh, len(found)


def _label(topic: str) -> str:
    return str(RiskTopic(topic).label) if topic in RiskTopic.values else topic


def _note(last: DetectorRun | None, read_until: int, found: int, fresh: int, now: datetime) -> None:
    """Say how far was read: one row a day."""
    today = datetime.combine(timezone.localdate(now), time.min, tzinfo=timezone.get_current_timezone())
    run = last if last and last.slot_at == today else DetectorRun(kind=WarningKind.RISK, slot_at=today)
    run.ended_at, run.found, run.fresh = now, run.found + found, run.fresh + fresh
    run.read_until = max(read_until, last.read_until if last else 0)
    run.save()

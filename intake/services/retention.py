"""Old personal data: counted first, then taken away. The cases stay, so that every figure of the past stays.

A run is a row: asked for by an administrator, or by the clock when a parameter says so; worked off in windows of a
transaction each, whose position stands in the row. So a killed run goes on where it was, and two workers do no window
twice. How long anything is kept is a parameter [P]: no public source names Shenzhen's periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.access import require_administration
from intake.choices import RetentionKind
from intake.models import Attachment, Call, Case, Citizen, RetentionRun
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove
from shenzhen_gov.core.jobs import run_job
from shenzhen_gov.core.parameters import get_parameter

from .anonymising import anonymise_citizens, due_calls, due_citizens, forget_calls

WINDOW = 2_000  # keys looked at in one transaction
SAMPLES = 5
CITIZENS, CALLS = "citizens", "calls"
PARTS = {CITIZENS: Citizen, CALLS: Call}


@dataclass(frozen=True)
class Limits:
    """Until when what is kept no longer, on one day."""

    citizens: datetime
    calls: datetime
    remove_files: bool

    def as_facts(self) -> dict:
        """Return what a run remembers, to be compared with another run's."""
        return {CITIZENS: self.citizens.isoformat(), CALLS: self.calls.isoformat(), "remove_files": self.remove_files}


def limits_on(day: date) -> Limits:
    """Return the limits by the parameters in force on `day`; moments of local midnight."""
    return Limits(
        citizens=_years_before(day, get_parameter("retention.citizen_years", day)),
        calls=_years_before(day, get_parameter("retention.call_years", day)),
        remove_files=bool(get_parameter("retention.remove_files", day)),
    )


@transaction.atomic
def ask_retention(kind: str, *, by: Actor, now: datetime) -> RetentionRun:
    """Ask for a preview, or for carrying out what a fresh preview showed; for administrators of the whole city.

    Raises NotAllowed, and IllegalMove while a run of the kind is under way or without a fresh preview.
    """
    require_administration(by, None)
    if RetentionRun.objects.filter(kind=kind, ended_at=None).exists():
        raise IllegalMove(_("Such a run is under way already."))
    day = timezone.localdate(now)
    if kind == RetentionKind.CARRY_OUT and fresh_preview(now) is None:
        raise IllegalMove(_("Look at a preview with the present parameters first."))
    return _start(kind, day, by, now)


def fresh_preview(now: datetime) -> RetentionRun | None:
    """Return the preview of the present parameters on which carrying out may be started, None when there is none."""
    day = timezone.localdate(now)
    oldest = now - timedelta(hours=get_parameter("retention.preview_hours", day))
    newest = RetentionRun.objects.filter(kind=RetentionKind.PREVIEW, ended_at__gte=oldest).order_by("-pk").first()
    return newest if newest and newest.result.get("limits") == limits_on(newest.day).as_facts() else None


def run_retention(*, by: Actor, now: datetime) -> int:
    """Start what the clock asks for and work off every open run; returns how many were ended."""
    _start_by_clock(by, now)
    ended = 0
    for run in RetentionRun.objects.filter(ended_at=None).order_by("pk"):
        with run_job(f"retention {run.kind}", by=by, now=now, quiet=True) as job:
            while (done := step(run.pk, by=by, now=now)) is not None and done.ended_at is None:
                job.progress(sum(done.result["at"].values()), sum(done.result["last"].values()))
            ended += done is not None
    return ended


@transaction.atomic
def step(run_id: int, *, by: Actor, now: datetime) -> RetentionRun | None:
    """Work off one window of a run and return the run; None when it has ended or another worker has it."""
    open_runs = RetentionRun.objects.select_for_update(skip_locked=True).filter(ended_at=None)
    run = open_runs.filter(pk=run_id).first()
    if run is None:
        return None
    result = run.result
    part = next((name for name in PARTS if result["at"][name] < result["last"][name]), None)
    if part is None:
        _end(run, by, now)
    else:
        after, limits = result["at"][part], limits_on(run.day)
        (_citizens if part == CITIZENS else _calls)(run, after, limits, now)
        result["at"][part] = after + WINDOW
    run.save(update_fields=["result", "ended_at"])
    return run


def _start(kind: str, day: date, by: Actor, now: datetime) -> RetentionRun:
    last = {name: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for name, model in PARTS.items()}
    result: dict[str, Any] = {
        "limits": limits_on(day).as_facts(),
        "last": last,
        "at": dict.fromkeys(PARTS, 0),
        "years": {},
    }
    result |= {CALLS: 0, "samples": []}
    run = RetentionRun(kind=kind, day=day, asked_at=now, asked_by=by.name[:120], result=result)
    run.save(force_insert=True)
    audit.record("retention.asked", run, by=by, now=now, changes={"kind": kind, **result["limits"]})
    return run


def _start_by_clock(by: Actor, now: datetime) -> None:
    days = get_parameter("retention.every_days", timezone.localdate(now))
    since = RetentionRun.objects.filter(kind=RetentionKind.CARRY_OUT, asked_at__gt=now - timedelta(days=days))
    if days and not since.exists():
        with transaction.atomic():
            _start(RetentionKind.CARRY_OUT, timezone.localdate(now), by, now)


def _citizens(run: RetentionRun, after: int, limits: Limits, now: datetime) -> None:
    due = due_citizens(limits.citizens).filter(pk__gt=after, pk__lte=after + WINDOW)
    ended = dict(due.annotate(ended=Max("cases__closed_at")).values_list("pk", "ended"))
    if not ended:
        return
    _count(run, ended)
    if run.kind == RetentionKind.CARRY_OUT:
        anonymise_citizens(list(ended), limits.citizens, remove_files=limits.remove_files, now=now)


def _count(run: RetentionRun, ended: dict[int, datetime | None]) -> None:
    """Add citizens, their cases and files to the year in which the last case ended; “—” for who has no case."""
    cases = dict(Case.objects.filter(citizen__in=ended).order_by().values_list("citizen").annotate(Count("pk")))
    kept = Attachment.objects.filter(case__citizen__in=ended).exclude(file="").order_by()
    sizes = kept.values_list("case__citizen").annotate(Count("pk"), Sum("size"))
    files = {pk: (count, size) for pk, count, size in sizes}
    for pk, moment in ended.items():
        year = str(timezone.localtime(moment).year) if moment else "—"
        row = run.result["years"].setdefault(year, {CITIZENS: 0, "cases": 0, "files": 0, "bytes": 0})
        count, size = files.get(pk, (0, 0))
        row[CITIZENS] += 1
        row["cases"] += cases.get(pk, 0)
        row["files"] += count
        row["bytes"] += size
    if len(run.result["samples"]) < SAMPLES:
        numbers = Case.objects.filter(citizen__in=ended).order_by("pk").values_list("number", flat=True)
        run.result["samples"] = [*run.result["samples"], *numbers[:SAMPLES]][:SAMPLES]


def _calls(run: RetentionRun, after: int, limits: Limits, now: datetime) -> None:
    due = due_calls(limits.calls).filter(pk__gt=after, pk__lte=after + WINDOW).order_by()
    if run.kind == RetentionKind.CARRY_OUT:
        run.result[CALLS] += forget_calls(list(due.values_list("pk", flat=True)))
    else:
        run.result[CALLS] += due.count()


def _end(run: RetentionRun, by: Actor, now: datetime) -> None:
    run.ended_at = now
    if run.kind == RetentionKind.CARRY_OUT:
        facts = {"years": run.result["years"], CALLS: run.result[CALLS], "asked_by": run.asked_by}
        audit.record("retention.carried_out", run, by=by, now=now, changes=facts)


def _years_before(day: date, years: int) -> datetime:
    """Return local midnight that many years before `day`; 29 February becomes the 28th."""
    try:
        then = day.replace(year=day.year - years)
    except ValueError:
        then = day.replace(year=day.year - years, day=28)
    return timezone.make_aware(datetime.combine(then, time.min))

"""Replays of dispatch rules: asked for, made by a worker, kept with the version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ReplayState
from dispatch.models import RuleReplay, RuleVersion
from dispatch.rules.replaying import replay_rule
from dispatch.workflow import RULE, RULE_DRAFT, RULE_SUBMITTED
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, Refused
from shenzhen_gov.core.jobs import Job, run_job
from shenzhen_gov.core.parameters import get_parameter

from .rule_editing import lock_version

DAYS = (30, 90)


@transaction.atomic
def ask_rule_replay(version_id: int, *, days: int, by: Actor, now: datetime) -> RuleReplay:
    """Ask for a replay over the last 30 or 90 days; a worker takes it up. Asked again, the newest holds."""
    version = lock_version(version_id)
    access.require(by, (*RULE.moves["submit"].acts, *RULE.moves["publish"].acts), version.rule)
    if version.state not in (RULE_DRAFT, RULE_SUBMITTED):
        raise IllegalMove(_("Only what is not published yet is replayed."))
    if days not in DAYS:
        raise BadInput(_("Choose 30 or 90 days."), field="days")
    return ask_for(version, days=days, by=by, now=now)


def ask_for(version: RuleVersion, *, days: int = DAYS[-1], by: Actor, now: datetime) -> RuleReplay:
    """Ask for the replay of a locked version."""
    there = RuleReplay.objects.filter(version=version)
    if there.exists() and not there.select_for_update(skip_locked=True).exists():
        raise Refused(_("A replay of this rule is being made; wait until it is ready."))
    asked = {
        "state": ReplayState.ASKED, "days": days, "asked_at": now, "asked_by": by.name[:120], "made_at": None,
        "result": {}, "problem": "",
    }  # fmt: skip
    replay, _created = RuleReplay.objects.update_or_create(version=version, defaults=asked)
    audit.record("rule.replay_asked", version, by=by, now=now, changes={"days": days})
    return replay


def run_rule_replay(*, by: Actor, now: datetime) -> bool:
    """Make the replay that has waited longest; returns whether there was one. A killed one is found again."""
    asked = RuleReplay.objects.filter(state=ReplayState.ASKED).select_related("version__rule").order_by("asked_at")
    first = asked.first()
    if first is None:
        return False
    try:
        with run_job(rule_replay_job(first.version), by=by, now=now, quiet=True) as job, transaction.atomic():
            return _make(first.version_id, now, job)
    except Exception as error:
        failed = RuleReplay.objects.filter(pk=first.pk, asked_at=first.asked_at)
        failed.update(state=ReplayState.FAILED, problem=f"{type(error).__name__}: {error}"[:2000])
        raise


def rule_replay_job(version: RuleVersion) -> str:
    """Return the name of the job run that shows how far the replay is."""
    return f"replay {version.rule.code} v{version.number}"


def make_replay(version_id: int, *, now: datetime) -> bool:
    """Make the replay of a version that was asked for, without a job run: for rules out of a file."""
    with transaction.atomic():
        return _make(version_id, now)


def _make(version_id: int, now: datetime, job: Job | None = None) -> bool:
    """Make one replay while its row is locked, so that no other worker makes it too."""
    rows = RuleReplay.objects.filter(version=version_id, state=ReplayState.ASKED).select_related("version__rule__area")
    replay = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if replay is None:
        return False
    limit = int(get_parameter("rules.replay_cases", timezone.localdate(now)))
    progress = job.progress if job else _quiet
    replay.result = replay_rule(replay.version, days=replay.days, limit=limit, now=now, progress=progress)
    if job:
        names = ("cases", "matched", "agreement_before", "agreement_after", "moved")
        job.result = {name: replay.result[name] for name in names}
    replay.state, replay.made_at = ReplayState.DONE, now
    replay.save(update_fields=["state", "result", "made_at"])
    return True


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""

"""What rules did, written by the pipeline: how often each had a say, and the alarms of those that failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import RuleProblem
from dispatch.models import RuleAlarm, RuleHit, RuleVersion
from dispatch.rules.engine import Matched
from dispatch.workflow import RULE
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, OutOfSight

from .rule_notices import tell_publishers

FOLD = """
WITH gone AS (DELETE FROM dispatch_rulehit WHERE NOT is_folded RETURNING rule_id, day, cases)
INSERT INTO dispatch_rulehit (rule_id, day, cases, is_folded)
SELECT rule_id, day, sum(cases), true FROM gone GROUP BY rule_id, day ORDER BY rule_id, day
ON CONFLICT (rule_id, day) WHERE is_folded DO UPDATE SET cases = dispatch_rulehit.cases + excluded.cases
"""
KEPT = timedelta(days=400)


@transaction.atomic
def note_matches(matches: Mapping[int, Matched], *, by: Actor, now: datetime) -> None:
    """Count what rules had a say in and write the alarms of those that failed; `matches` is case id → what they said.

    Called with the dispatch of the cases, in its transaction. Costs one statement, or none where no rule had a say.
    """
    day = timezone.localdate(now)
    hits = Counter(version.rule_id for matched in matches.values() for version in matched.rules)
    RuleHit.objects.bulk_create([RuleHit(rule_id=rule, day=day, cases=cases) for rule, cases in hits.items()])
    _raise_alarms(matches, by, now)


@transaction.atomic
def fold_rule_hits(*, now: datetime) -> None:
    """Fold what workers counted into one row for each rule and day, and forget what is older than a year."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
    RuleHit.objects.filter(is_folded=True, day__lt=timezone.localdate(now) - KEPT).delete()


@transaction.atomic
def clear_rule_alarm(alarm_id: int, *, by: Actor, now: datetime) -> RuleAlarm:
    """Say that an alarm was seen to; when the rule fails again, a new one is raised."""
    alarms = RuleAlarm.objects.select_for_update(of=("self",)).select_related("version__rule__area")
    alarm = alarms.filter(pk=alarm_id).first()
    if alarm is None:
        raise OutOfSight(_("Not found."))
    access.require(by, RULE.moves["publish"].acts, alarm.version.rule)
    if alarm.cleared_at is not None:
        raise IllegalMove(_("Somebody has seen to this alarm already."))
    alarm.cleared_at, alarm.cleared_by = now, by.name[:120]
    alarm.save(update_fields=["cleared_at", "cleared_by"])
    audit.record("rule.alarm_cleared", alarm.version, by=by, now=now, changes={"problem": alarm.problem})
    return alarm


def _raise_alarms(matches: Mapping[int, Matched], by: Actor, now: datetime) -> None:
    failed: dict[tuple[int, RuleProblem], list[int]] = {}
    found: dict[tuple[int, RuleProblem], tuple[RuleVersion, str]] = {}
    for case_id, matched in matches.items():
        for problem in matched.problems:
            key = (problem.version.pk, problem.code)
            failed.setdefault(key, []).append(case_id)
            found.setdefault(key, (problem.version, problem.detail))
    for key in sorted(failed):  # in one order, so that two workers never wait for each other crosswise
        _raise_alarm(*found[key], key[1], failed[key], by, now)


def _raise_alarm(
    version: RuleVersion, detail: str, code: RuleProblem, cases: list[int], by: Actor, now: datetime
) -> None:
    first = {"detail": detail[:200], "first_seen_at": now, "last_seen_at": now}
    alarm, is_new = RuleAlarm.objects.get_or_create(version=version, problem=code, cleared_at=None, defaults=first)
    rows = RuleAlarm.objects.filter(pk=alarm.pk)
    rows.update(cases=F("cases") + len(cases), last_seen_at=now, last_case=max(cases))
    if is_new:
        changes = {"problem": str(code), "detail": detail, "cases": len(cases)}
        audit.record("rule.failed", version, by=by, now=now, changes=changes)
        tell_publishers(version, "rule_failed", now=now)

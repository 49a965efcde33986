"""The steps of a dispatch rule: submitted, published by a second person after a replay, replaced, taken out of use."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ReplayState
from dispatch.models import Rule, RuleReplay, RuleVersion
from dispatch.rules import engine
from dispatch.rules.checking import check_version
from dispatch.rules.engine import published_versions
from dispatch.rules.replaying import why_not_publish
from dispatch.workflow import RULE, RULE_PUBLISHED, RULE_REPLACED, RULE_WITHDRAWN
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.models import AuditEntry

from .rule_editing import WRITTEN, lock_version
from .rule_notices import tell_editor, tell_publishers
from .rule_replays import ask_for

STEPS = ("submit", "take_back", "send_back", "publish", "withdraw", "discard")  # what people do, as it is offered
NEED_OPINION = ("send_back", "withdraw")
LONGEST_OPINION = 300
ENDED = (RULE_REPLACED, RULE_WITHDRAWN)


@transaction.atomic
def move_rule(
    version_id: int, move: str, *, opinion: str = "", row_version: int | None = None, by: Actor, now: datetime
) -> RuleVersion:
    """Make one step of the table RULE. Submitting asks for the replay; publishing replaces what held before.

    Raises IllegalMove with the reason (nobody publishes what they wrote, nothing is published that has an error or
    whose replay shows less agreement), NotAllowed, BadInput(field="opinion"), StalePage.
    """
    if move not in STEPS:
        raise BadInput(_("There is no such step."))
    if move == "publish":
        _queue_up()
    version = lock_version(version_id, row_version)
    access.require(by, RULE.moves[move].acts, version.rule)
    row = RULE.check(move, version)
    if reason := why_not_move(version, move, by, now):
        raise IllegalMove(reason)
    version.opinion = _checked_opinion(opinion, move)
    if move == "publish":
        version.published_by, version.published_by_id, version.published_at = by.name[:120], by.id, now
        _replace_others(version, by, now)
    _set_state(version, row.to_state or version.state, f"rule.{move}", by, now)
    if move == "submit":
        ask_for(version, by=by, now=now)
    _tell(version, move, now)
    return version


def why_not_move(version: RuleVersion, move: str, by: Actor, now: datetime) -> str | None:
    """Return what besides state, role and needs keeps `by` from a step: four eyes, an error in the rule."""
    if move == "publish" and by.id is not None and _wrote(version, by):
        return _("You wrote this yourself; somebody else publishes it.")
    if move not in ("submit", "publish"):
        return None
    found = check_version(version, published_versions(), timezone.localdate(now))
    return next((finding.text for finding in found if finding.is_error), None)


@transaction.atomic
def retire_rules(*, by: Actor, now: datetime) -> int:
    """Mark versions as replaced whose successor, published ahead of its day, holds now; returns how many."""
    day, retired = timezone.localdate(now), 0
    versions = published_versions()
    holding = {version.rule_id: version for version in sorted(versions, key=_number) if version.valid_from <= day}
    for version in versions:
        if version.number < holding.get(version.rule_id, version).number:
            locked = lock_version(version.pk)
            if locked.state == RULE_PUBLISHED:
                _set_state(locked, RULE_REPLACED, "rule.replace", by, now)
                retired += 1
    return retired


@RULE.need("replay_agrees")
def replay_agrees(version: RuleVersion):
    """What is published was held against past cases, beside the rules that hold now, and did not do worse."""
    replay = RuleReplay.objects.filter(version=version).first()
    if replay is None or replay.state == ReplayState.ASKED:
        return _("The replay of past cases is not ready yet.")
    if replay.state == ReplayState.FAILED or replay.made_at is None:
        return _("The replay of past cases failed; ask for it again.")
    if _changed_since(replay, version):
        return _("Other rules were published or ended after the replay; ask for it again.")
    return why_not_publish(replay.result)


def _tell(version: RuleVersion, move: str, now: datetime) -> None:
    """Tell publishers what waits for them, and who wrote it what became of it."""
    if move == "submit":
        tell_publishers(version, "rule_submitted", now=now)
    elif move in ("send_back", "publish", "withdraw"):
        tell_editor(version, f"rule_{move}", now=now, opinion=version.opinion)


def _number(version: RuleVersion) -> int:
    return version.number


def _changed_since(replay: RuleReplay, version: RuleVersion) -> bool:
    others = RuleVersion.objects.exclude(rule=version.rule_id)
    begun = others.filter(state=RULE_PUBLISHED, published_at__gt=replay.made_at)
    return begun.exists() or others.filter(state__in=ENDED, ended_at__gt=replay.made_at).exists()


def _queue_up() -> None:
    """Let publishers of rules wait for each other: each is checked against what the one before published."""
    list(Rule.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _checked_opinion(opinion: str, move: str) -> str:
    opinion = opinion.strip()
    if move in NEED_OPINION and not opinion:
        raise BadInput(_("Say why."), field="opinion")
    if len(opinion) > LONGEST_OPINION:
        raise BadInput(_("Enter 1 to %(count)s characters.") % {"count": LONGEST_OPINION}, field="opinion")
    return opinion


def _wrote(version: RuleVersion, by: Actor) -> bool:
    """Whether `by` had a hand in this version: drafted it or edited it, ever."""
    written = AuditEntry.objects.filter(object_type="dispatch.ruleversion", object_id=version.pk, action__in=WRITTEN)
    return by.kind != SYSTEM and written.filter(actor_kind=by.kind, actor_id=by.id).exists()


def _replace_others(version: RuleVersion, by: Actor, now: datetime) -> None:
    """Retire what the new version replaces: at once, or, when it begins later, what was to begin then too."""
    begins_now = version.valid_from <= timezone.localdate(now)
    for other in version.rule.versions.select_for_update().filter(state=RULE_PUBLISHED):
        if begins_now or other.valid_from >= version.valid_from:
            other.rule = version.rule
            row = RULE.check("replace", other)
            _set_state(other, row.to_state or other.state, "rule.replace", by, now)


def _set_state(version: RuleVersion, state: str, action: str, by: Actor, now: datetime) -> None:
    """Write the new state of a locked version with its audit entry."""
    before, version.state = version.state, state
    version.ended_at = now if state in ENDED else None
    version.row_version += 1
    version.save()
    audit.record(action, version, by=by, now=now, changes={"state": [before, state]}, note=version.opinion)
    if RULE_PUBLISHED in (before, state):
        engine.forget()
        transaction.on_commit(engine.forget)

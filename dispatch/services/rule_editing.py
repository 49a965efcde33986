"""Writing dispatch rules: a draft is begun, changed, taken over from what is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import Rule, RuleReplay, RuleVersion
from dispatch.rules.conditions import read_condition
from dispatch.rules.engine import load_names
from dispatch.rules.outcomes import read_outcome
from dispatch.workflow import RULE, RULE_DRAFT, RULE_DROPPED, RULE_SUBMITTED
from grid import access
from grid.models import Area
from grid.services.trees import reserve_ids
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, StalePage

IN_WORK = (RULE_DRAFT, RULE_SUBMITTED)
WRITTEN = ("rule.drafted", "rule.edited")
LONGEST_NAME, LONGEST_NOTE, PRIORITIES = 80, 300, range(1, 1000)


@dataclass(frozen=True)
class RuleText:
    """What a version says. The first priority is 1; conditions and outcome are JSON (dispatch/rules)."""

    name: str
    condition: Any
    outcome: Any
    priority: int
    valid_from: date
    valid_to: date | None = None
    note: str = ""


@transaction.atomic
def create_rule(
    text: RuleText, *, area_id: int, code: str = "", is_sample: bool = False, by: Actor, now: datetime
) -> RuleVersion:
    """Begin a rule as a draft that holds in an area. Without a code it gets the next number.

    Raises BadInput naming the field, RowError the row of the conditions.
    """
    area = Area.objects.filter(pk=area_id, is_active=True).first()
    if area is None:
        raise BadInput(_("Choose where the rule holds."), field="area")
    own_id = reserve_ids(Rule, 1)[0]
    rule = Rule(pk=own_id, code=code or f"R{own_id:05d}", area=area, created_at=now, is_sample=is_sample)
    access.require(by, RULE.moves["submit"].acts, rule)
    checked = _checked(text)
    rule.save(force_insert=True)
    return _add_version(rule, checked, by, now)


@transaction.atomic
def start_rule_change(rule_id: int, *, by: Actor, now: datetime) -> RuleVersion:
    """Begin a change: a draft that starts as the newest version is. What is published stays until it is replaced."""
    rule = lock_rule(rule_id)
    access.require(by, RULE.moves["submit"].acts, rule)
    if rule.versions.filter(state__in=IN_WORK).exists():
        raise IllegalMove(_("A change of this rule is under way already; finish or discard it first."))
    newest = rule.versions.exclude(state=RULE_DROPPED).order_by("-number").first() or rule.versions.latest("number")
    return _add_version(rule, _text_of(newest, now), by, now)


@transaction.atomic
def edit_rule(
    version_id: int, text: RuleText, *, row_version: int | None = None, by: Actor, now: datetime
) -> RuleVersion:
    """Change a draft; a replay of what it said before no longer counts.

    Raises BadInput naming the field, RowError the row, StalePage when somebody else was faster.
    """
    version = lock_version(version_id, row_version)
    access.require(by, RULE.moves["submit"].acts, version.rule)
    if version.state != RULE_DRAFT:
        raise IllegalMove(_("Only a draft is edited; take it back or begin a change of the rule."))
    before = _content(version)
    _fill(version, _checked(text), by, now)
    version.row_version += 1
    version.save()
    RuleReplay.objects.filter(version=version).delete()
    changes = {
        name: [str(before[name]), str(value)] for name, value in _content(version).items() if value != before[name]
    }
    audit.record("rule.edited", version, by=by, now=now, changes=changes)
    return version


def lock_rule(rule_id: int) -> Rule:
    """Return the locked rule, or refuse: unknown."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("area").filter(pk=rule_id).first()
    if rule is None:
        raise OutOfSight(_("Not found."))
    return rule


def lock_version(version_id: int, row_version: int | None = None) -> RuleVersion:
    """Return a version, locked after its rule, or refuse: unknown, or changed since the page was opened."""
    rule_id = RuleVersion.objects.filter(pk=version_id).values_list("rule_id", flat=True).first()
    rule = lock_rule(rule_id or 0)
    version = RuleVersion.objects.select_for_update().get(pk=version_id)
    version.rule = rule
    if row_version is not None and version.row_version != row_version:
        raise StalePage(_("Somebody else changed this rule after the page was opened. Open it again."))
    return version


def _checked(text: RuleText) -> RuleText:
    """Return the text as it is stored, or refuse what cannot be stored: sense is checked when it is submitted."""
    name, note = " ".join(text.name.split()), text.note.strip()
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(_("Enter 1 to %(count)s characters.") % {"count": LONGEST_NAME}, field="name")
    if len(note) > LONGEST_NOTE:
        raise BadInput(_("Enter 1 to %(count)s characters.") % {"count": LONGEST_NOTE}, field="note")
    if text.priority not in PRIORITIES:
        raise BadInput(_("A priority is a number from 1 (first) to 999."), field="priority")
    if text.valid_to is not None and text.valid_to < text.valid_from:
        raise BadInput(_("The last day is before the first."), field="valid_to")
    outcome = read_outcome(text.outcome).as_json()
    read_condition(text.condition, load_names([text.condition]))
    return RuleText(name, text.condition, outcome, text.priority, text.valid_from, text.valid_to, note)


def _text_of(version: RuleVersion, now: datetime) -> RuleText:
    today = timezone.localdate(now)
    return RuleText(
        version.name,
        version.condition,
        version.outcome,
        version.priority,
        max(version.valid_from, today),
        version.valid_to if version.valid_to and version.valid_to >= today else None,
        version.note,
    )


def _content(version: RuleVersion) -> dict[str, Any]:
    names = ("name", "condition", "outcome", "priority", "valid_from", "valid_to", "note")
    return {name: getattr(version, name) for name in names}


def _add_version(rule: Rule, text: RuleText, by: Actor, now: datetime) -> RuleVersion:
    number = (rule.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = RuleVersion(rule=rule, number=number)
    _fill(version, text, by, now)
    version.save(force_insert=True)
    changes = {"rule": rule.code, "version": number, "condition": text.condition, "outcome": text.outcome}
    audit.record("rule.drafted", version, by=by, now=now, changes=changes)
    return version


def _fill(version: RuleVersion, text: RuleText, by: Actor, now: datetime) -> None:
    version.name, version.condition, version.outcome = text.name, text.condition, text.outcome
    version.priority, version.valid_from, version.valid_to = text.priority, text.valid_from, text.valid_to
    version.note = text.note
    version.edited_by, version.edited_by_id, version.edited_at = by.name[:120], by.id, now

"""Dispatch rules as their editors, publishers and dispatchers see them: lists, one rule with its versions, alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dispatch.choices import ReplayState
from dispatch.models import Rule, RuleAlarm, RuleHit, RuleReplay, RuleVersion
from dispatch.rules.checking import Finding, check_version
from dispatch.rules.engine import holding_on, published_versions
from dispatch.rules.replaying import why_not_publish
from dispatch.rules.wording import describe_flag, describe_leaf
from dispatch.services.rule_editing import IN_WORK
from dispatch.services.rule_moves import STEPS, why_not_move
from dispatch.services.rule_replays import rule_replay_job
from dispatch.workflow import (
    RULE,
    RULE_DRAFT,
    RULE_DROPPED,
    RULE_PUBLISHED,
    RULE_REPLACED,
    RULE_SUBMITTED,
    RULE_WITHDRAWN,
)
from grid import access
from grid.choices import Act
from grid.models import Area, Unit
from intake.choices import Urgency
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists import Count, capped_count
from shenzhen_gov.core.models import JobRun
from shenzhen_gov.core.text_diff import Segment, list_segments, text_segments
from shenzhen_gov.core.workflow import Offer

from .rule_values import names_in

READERS = (Act.EDIT_RULES, Act.PUBLISH_RULES, Act.DISPATCH_CASE)
LIVE, REVIEW, WORK, ENDED = "live", "review", "work", "ended"
TAB_STATES = {
    LIVE: (RULE_PUBLISHED,),
    REVIEW: (RULE_SUBMITTED,),
    WORK: (RULE_DRAFT,),
    ENDED: (RULE_REPLACED, RULE_WITHDRAWN, RULE_DROPPED),
}
HIT_DAYS = 30
ALARMS_SHOWN = 20


@dataclass(frozen=True)
class Said:
    """A version in words: its conditions group by group, and what it does."""

    mode: str
    groups: list[list[str]]
    does: list[str]


@dataclass(frozen=True)
class Difference:
    """One part of a rule as it was and becomes."""

    label: str
    marks: list[Segment]
    is_list: bool


@dataclass(frozen=True)
class ReplayView:
    """The replay of a version: what was found, or how far it is; `objection` is why it forbids publishing."""

    asked: RuleReplay | None
    run: JobRun | None = None
    objection: str | Promise | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a replay was asked for and is not ready."""
        return self.asked is not None and self.asked.state == ReplayState.ASKED

    @property
    def is_done(self) -> bool:
        """Whether there are figures."""
        return self.asked is not None and self.asked.state == ReplayState.DONE

    @property
    def figures(self) -> dict[str, Any]:
        """Return the figures, empty before the first replay."""
        return self.asked.result if self.asked and self.is_done else {}


@dataclass
class RulePage:
    """A rule as one reader sees it: the version looked at, what was found of it, and what may be done."""

    rule: Rule
    shown: RuleVersion
    versions: list[RuleVersion]
    may_edit: bool
    may_publish: bool
    by: Actor
    now: datetime

    @property
    def today(self) -> date:
        """Return the day of the city."""
        return timezone.localdate(self.now)

    @cached_property
    def work(self) -> RuleVersion | None:
        """Return the version that is written or waits to be published, of which there is one at most."""
        return next((version for version in self.versions if version.state in IN_WORK), None)

    @cached_property
    def against(self) -> RuleVersion | None:
        """Return what the version is compared with: the one that holds, for that one itself the one before it."""
        holds = holding(self.versions, self.today)
        if holds is not None and holds != self.shown:
            return holds
        ended = (RULE_REPLACED, RULE_WITHDRAWN)
        return next((one for one in self.versions if one.number < self.shown.number and one.state in ended), None)

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Return the names of the codes in both versions."""
        both = [one for one in (self.shown, self.against) if one]
        return names_in([one.condition for one in both], [one.outcome.get("item", "") for one in both])

    @cached_property
    def said(self) -> Said:
        """Return the version in words."""
        return say(self.shown, self.names)

    @cached_property
    def differences(self) -> list[Difference]:
        """Return what differs from the version it is compared with."""
        return _differences(self.against, self.shown, self.names) if self.against else []

    @cached_property
    def findings(self) -> list[Finding]:
        """Return what is wrong with a version that does not hold yet."""
        in_work = self.shown.state in IN_WORK
        return check_version(self.shown, published_versions(), self.today) if in_work else []

    @cached_property
    def offers(self) -> list[Offer]:
        """Return the steps that the state allows, each with the reason where it is off."""
        if not self.may_keep:
            return []
        offers = RULE.offers(self.shown, self._refuses)
        return [offer for offer in offers if offer.move.name in STEPS]

    @cached_property
    def replay(self) -> ReplayView:
        """Return the replay of the version."""
        return get_replay(self.shown)

    @cached_property
    def alarms(self) -> list[RuleAlarm]:
        """Return the alarms of the rule that nobody has seen to."""
        alarms = RuleAlarm.objects.filter(version__rule=self.rule, cleared_at=None)
        return list(alarms.select_related("last_case", "version"))

    @cached_property
    def hits(self) -> int:
        """Return how many cases the rule had a say in, in the last days."""
        recent = RuleHit.objects.filter(rule=self.rule, day__gt=self.today - timedelta(days=HIT_DAYS))
        return recent.aggregate(sum=Sum("cases"))["sum"] or 0

    @property
    def may_keep(self) -> bool:
        """Whether the reader keeps this rule, and so sees the cases it was tried on."""
        return self.may_edit or self.may_publish

    @property
    def may_replay(self) -> bool:
        """Whether the reader may ask for a replay."""
        return self.shown.state in IN_WORK and self.may_keep

    def _refuses(self, move) -> str | None:
        if move.name not in STEPS:
            return ""
        reason = access.why_not(self.by, move.acts, self.rule)
        return reason or why_not_move(self.shown, move.name, self.by, self.now)


def list_rules(user, tab: str, today: date) -> QuerySet[RuleVersion]:
    """Return the versions of a tab, of the rules that the user's work stands under, each with its recent hits."""
    hits = RuleHit.objects.filter(rule=OuterRef("rule"), day__gt=today - timedelta(days=HIT_DAYS))
    counted = hits.order_by().values("rule").annotate(sum=Sum("cases")).values("sum")
    found = _in_tab(user, tab)
    counted_hits = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    return found.select_related("rule__area").annotate(hits=counted_hits)


def count_tabs(user) -> dict[str, Count]:
    """Return how many wait in the tabs that ask for something."""
    return {tab: capped_count(_in_tab(user, tab)) for tab in (LIVE, REVIEW, WORK)}


def list_alarms(user) -> list[RuleAlarm]:
    """Return the alarms that nobody has seen to, newest first, for who keeps the rules: they name cases."""
    alarms = RuleAlarm.objects.filter(_kept_by(user, "version__rule__area"), cleared_at=None)
    return list(alarms.select_related("version__rule", "last_case").order_by("-last_seen_at")[:ALARMS_SHOWN])


def open_rule_alarms() -> tuple[Count, datetime | None]:
    """Return how many alarms nobody has seen to and since when, for the state of the system."""
    alarms = RuleAlarm.objects.filter(cleared_at=None)
    return capped_count(alarms), alarms.order_by("first_seen_at").values_list("first_seen_at", flat=True).first()


def rule_alarm_texts() -> list[str]:
    """Return what administrators read on every page while rules fail."""
    count = RuleAlarm.objects.filter(cleared_at=None).values("version__rule").distinct().count()
    text = ngettext(
        "%(count)s dispatch rule fails; its cases wait for a person.",
        "%(count)s dispatch rules fail; their cases wait for a person.",
        count,
    )
    return [str(text % {"count": count})] if count else []


def get_rule(user, code: str) -> Rule | None:
    """Return a rule that the user reads."""
    return Rule.objects.filter(_readable(user, "area"), code=code).select_related("area").first()


def areas_to_keep(user) -> list[Area]:
    """Return the areas for which the user writes rules, the widest first."""
    whole = access.holds_everywhere(user, Act.EDIT_RULES)
    areas = Area.objects.all() if whole else access.areas_with(user, Act.EDIT_RULES)
    return list(areas.filter(is_active=True, level__lte=2 if whole else 3).order_by("path")[:300])


def get_rule_page(rule: Rule, user, number: int | None, now: datetime) -> RulePage | None:
    """Return the page of a rule with the version `number` (None: the one that matters now)."""
    by = Actor.staff(user)
    may_edit, may_publish = (access.why_not(by, (act,), rule) is None for act in (Act.EDIT_RULES, Act.PUBLISH_RULES))
    versions = list(rule.versions.order_by("-number"))
    for version in versions:
        version.rule = rule
    if not (may_edit or may_publish):
        versions = [version for version in versions if version.state not in (*IN_WORK, RULE_DROPPED)]
    shown = _chosen(versions, number, timezone.localdate(now))
    return RulePage(rule, shown, versions, may_edit, may_publish, by, now) if shown else None


def get_replay(version: RuleVersion) -> ReplayView:
    """Return the replay of a version and, while it is made, its run."""
    asked = RuleReplay.objects.filter(version=version).first()
    if asked is None:
        return ReplayView(None)
    if asked.state != ReplayState.ASKED:
        return ReplayView(asked, objection=why_not_publish(asked.result) if asked.state == ReplayState.DONE else None)
    runs = JobRun.objects.filter(job=rule_replay_job(version)[:80], state=JobRun.State.RUNNING)
    return ReplayView(asked, runs.order_by("-id").first())


def say(version: RuleVersion, names: dict[str, dict[str, str]]) -> Said:
    """Return a version in words."""
    mode = "any" if "any" in version.condition else "all"
    groups = []
    for part in version.condition.get(mode, []):
        inner = part.get("any", part.get("all")) if "field" not in part else [part]
        words = [describe_leaf(leaf, names) for leaf in inner]
        is_same = mode in part  # a group of its parent's kind: each condition for itself
        groups += [[one] for one in words] if is_same else [words]
    return Said(mode, groups, _does(version.outcome, names))


def unit_called(code: str) -> str:
    """Return the name of a unit now, else its code."""
    return Unit.objects.filter(code=code).values_list("name", flat=True).first() or code


def _does(outcome: dict[str, Any], names: dict[str, dict[str, str]]) -> list[str]:
    said = []
    if item := outcome.get("item"):
        said.append(_("Duty item: %(item)s") % {"item": f"{names['item'].get(item, '')} {item}".strip()})
    if unit := outcome.get("unit"):
        said.append(_("Unit: %(unit)s") % {"unit": unit_called(unit)})
    if person := outcome.get("person"):
        said.append(_("A person decides: %(why)s") % {"why": person})
    if urgency := outcome.get("urgency"):
        said.append(_("Urgency at least: %(urgency)s") % {"urgency": Urgency(urgency).label})
    said += [_("Mark: %(flag)s") % {"flag": describe_flag(flag)} for flag in outcome.get("flags", [])]
    return said


def _in_tab(user, tab: str) -> QuerySet[RuleVersion]:
    """Return the versions of a tab: what holds or held is for all readers, what is in work for who works on it."""
    versions = RuleVersion.objects.filter(state__in=TAB_STATES[tab])
    return versions.filter(_readable(user, "rule__area") if tab == LIVE else _kept_by(user, "rule__area"))


def _kept_by(user, field: str) -> Q:
    """Return the condition that the user writes or publishes rules where the rule holds."""
    acts = (Act.EDIT_RULES, Act.PUBLISH_RULES)
    if user.is_superuser or any(access.holds_everywhere(user, act) for act in acts):
        return Q()
    areas = access.areas_with(user, acts[0]) | access.areas_with(user, acts[1])
    return Q(**{f"{field}__in": areas})


def _readable(user, field: str) -> Q:
    """Return the condition that a rule's area is one whose lists the user reads."""
    areas = access.list_areas(user)
    return Q() if areas is None else Q(**{f"{field}__in": areas})


def holding(versions: list[RuleVersion], today: date) -> RuleVersion | None:
    """Return the version of one rule that holds on a day, if one does."""
    return next(iter(holding_on([one for one in versions if one.state == RULE_PUBLISHED], today)), None)


def _chosen(versions: list[RuleVersion], number: int | None, today: date) -> RuleVersion | None:
    if number is not None:
        return next((version for version in versions if version.number == number), None)
    work = next((version for version in versions if version.state in IN_WORK), None)
    return work or holding(versions, today) or (versions[0] if versions else None)


def _differences(before: RuleVersion, after: RuleVersion, names: dict[str, dict[str, str]]) -> list[Difference]:
    one, other = say(before, names), say(after, names)
    found = [
        Difference(label, text_segments(was, will), is_list=False)
        for label, was, will in (
            (_("Name"), before.name, after.name),
            (_("Priority"), str(before.priority), str(after.priority)),
            (_("Valid"), _days(before), _days(after)),
            (_("Why this rule"), before.note, after.note),
        )
        if was != will
    ]
    lists = (
        (_("Conditions"), [" / ".join(group) for group in one.groups], [" / ".join(group) for group in other.groups]),
        (_("What it does"), one.does, other.does),
    )
    return found + [Difference(label, list_segments(a, b), is_list=True) for label, a, b in lists if a != b]


def _days(version: RuleVersion) -> str:
    return f"{version.valid_from} – {version.valid_to or ''}"

"""Dispatch rules: what an expert knows beside the duty list, in versions that never change once they were published."""

from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import ReplayState, RuleProblem
from dispatch.workflow import RULE_DRAFT, RULE_STATES
from grid.models import Area
from grid.querysets import ScopedQuerySet
from intake.models import Case

CONTENT = ("name", "condition", "outcome", "priority", "valid_from", "valid_to", "note")
CONTENT_CHANGES = reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in CONTENT))


class Rule(models.Model):
    """A rule under one code for ever. It holds for cases in `area`, whose people keep it."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Holds in"), related_name="+")
    created_at = models.DateTimeField(_("Created"))
    is_sample = models.BooleanField(default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("dispatch rule")
        verbose_name_plural = _("dispatch rules")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class RuleVersion(models.Model):
    """One state of a rule: 草稿 → 待发布 → 已发布 → 已替换 / 已停用. Only a draft is edited.

    Of the published versions of a rule the newest that has begun holds, until its last day (`valid_to`).
    `condition` and `outcome` are described in dispatch/rules/conditions.py and outcomes.py.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("Version"))
    state = models.CharField(_("State"), max_length=10, choices=RULE_STATES, default=RULE_DRAFT)
    name = models.CharField(_("Name"), max_length=80)
    condition = models.JSONField(_("Condition"), default=dict)
    outcome = models.JSONField(pgettext_lazy("rule", "Outcome"), default=dict)
    priority = models.PositiveSmallIntegerField(_("Priority"))
    valid_from = models.DateField(_("Valid from"))
    valid_to = models.DateField(_("Valid until"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    edited_by = models.CharField(_("Edited by"), max_length=120)
    edited_by_id = models.BigIntegerField(null=True, editable=False)
    edited_at = models.DateTimeField(_("Edited"))
    opinion = models.CharField(_("Opinion"), max_length=300, blank=True)
    published_by = models.CharField(_("Published by"), max_length=120, blank=True)
    published_by_id = models.BigIntegerField(null=True, editable=False)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("version of a dispatch rule")
        verbose_name_plural = _("versions of dispatch rules")
        ordering = ["rule", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number_once"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state__in=("draft", "submitted")), name="rule_one_version_in_work"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="rule_version_days"
            ),
            # 第二人: nobody publishes alone. System jobs load samples.
            models.CheckConstraint(
                condition=Q(published_by_id=None) | ~Q(published_by_id=models.F("edited_by_id")),
                name="rule_published_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "id"], condition=Q(state="published"), name="rule_version_published"),
            models.Index(fields=["state", "-id"], name="rule_version_by_state"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="rule_is_kept",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=RULE_DRAFT) & CONTENT_CHANGES,
            ),
            pgtrigger.Protect(name="rule_is_not_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.name} v{self.number}"


class RuleReplay(models.Model):
    """回放: the newest replay of past cases that was asked for a version, and what it found."""

    version = models.OneToOneField(RuleVersion, models.PROTECT, related_name="replay")
    state = models.CharField(_("State"), max_length=10, choices=ReplayState, default=ReplayState.ASKED)
    days = models.PositiveSmallIntegerField(_("Days"))
    asked_at = models.DateTimeField(_("Asked"))
    asked_by = models.CharField(_("Asked by"), max_length=120)
    made_at = models.DateTimeField(_("Made"), null=True)
    result = models.JSONField(_("Result"), default=dict)
    problem = models.TextField(_("Problem"), blank=True)

    class Meta:
        verbose_name = _("replay of a dispatch rule")
        verbose_name_plural = _("replays of dispatch rules")
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="asked"), name="rule_replay_asked")]

    def __str__(self) -> str:
        return f"{self.version} {self.days}"


class RuleHit(models.Model):
    """How many cases a rule decided on a day.

    Workers only add rows, so that they never wait for each other; a sweep folds them into one for each day.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="hits", db_index=False)
    day = models.DateField(_("Day"))
    cases = models.PositiveIntegerField(_("Cases"))
    is_folded = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("hits of a dispatch rule")
        verbose_name_plural = _("hits of dispatch rules")
        indexes = [
            models.Index(fields=["rule", "day"], include=["cases"], name="rule_hit_by_day"),
            models.Index(fields=["id"], condition=Q(is_folded=False), name="rule_hit_unfolded"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule", "day"], condition=Q(is_folded=True), name="rule_hit_folded_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day} {self.cases}"


class RuleAlarm(models.Model):
    """A rule failed at run time: its cases went to a person, and somebody must mend the rule."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="alarms")
    problem = models.CharField(_("Problem"), max_length=14, choices=RuleProblem)
    detail = models.CharField(_("Detail"), max_length=200, blank=True)
    cases = models.PositiveIntegerField(_("Cases"), default=0)
    last_case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    first_seen_at = models.DateTimeField(_("First seen"))
    last_seen_at = models.DateTimeField(_("Last seen"))
    cleared_at = models.DateTimeField(_("Done with"), null=True, blank=True)
    cleared_by = models.CharField(_("Done with by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("alarm of a dispatch rule")
        verbose_name_plural = _("alarms of dispatch rules")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "problem"], condition=Q(cleared_at=None), name="rule_alarm_once_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.get_problem_display()}"

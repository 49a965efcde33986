"""Columns and filters of the lists of rounds and patrol plans."""

from __future__ import annotations

from datetime import date

import django_filters
import django_tables2 as tables
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.models import RoundPlan, RoundTask
from grid.workflow import DONE, MISSED, PARTLY, ROUND_STATES, TO_WALK, UNDER_WAY
from shenzhen_gov.core.templatetags.shell import chip
from shenzhen_gov.core.texts import joined

TONES = {TO_WALK: "", UNDER_WAY: "info", DONE: "ok", PARTLY: "warn", MISSED: "bad"}


class RoundFilters(django_filters.FilterSet):
    """Narrow the rounds to a state and to a day."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=ROUND_STATES)
    day = django_filters.DateFilter(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = RoundTask
        fields = ("state", "day")


class RoundTable(tables.Table):
    """Rounds, two lines a row."""

    plan = tables.Column(gettext_lazy("Patrol round"))
    state = tables.Column(gettext_lazy("State"))
    passed = tables.Column(gettext_lazy("Points"))
    day = tables.Column(gettext_lazy("Day"))
    unit = tables.Column(gettext_lazy("Team"))
    reason = tables.Column(gettext_lazy("Reason"), default="—")

    class Meta:
        model = RoundTask
        fields = ()

    def render_plan(self, record):
        """Lead to the round, its kind and area below."""
        address = reverse("grid:round", args=[record.pk])
        return format_html(
            '<a href="{}">{}</a><div class="l2">{} · {}</div>', address, record.plan.name, record.plan.kind, record.area
        )

    def value_plan(self, record):
        """Give the name."""
        return record.plan.name

    def render_state(self, record):
        """Show the state."""
        return chip(record.get_state_display(), TONES[record.state])

    def value_state(self, record):
        """Give the word."""
        return record.get_state_display()

    def render_passed(self, record):
        """Show how many were passed, and below how many without proof."""
        doubt = _("%(count)s doubtful") % {"count": record.doubtful} if record.doubtful else ""
        return format_html('{} / {}<div class="l2">{}</div>', record.passed, record.points, doubt)

    def value_passed(self, record):
        """Give both figures."""
        return f"{record.passed}/{record.points}"

    def render_day(self, record):
        """Show the day and the hours."""
        hours = f"{timezone.localtime(record.opens_at):%H:%M}–{timezone.localtime(record.closes_at):%H:%M}"
        return format_html('<span class="nw">{}</span><div class="l2">{}</div>', f"{record.day:%m-%d}", hours)

    def value_day(self, value):
        """Give the day."""
        return value


class PlanTable(tables.Table):
    """Plans, two lines a row."""

    name = tables.Column(gettext_lazy("Patrol plan"))
    area = tables.Column(gettext_lazy("Area"))
    every_days = tables.Column(gettext_lazy("How often"))
    valid_from = tables.Column(gettext_lazy("Valid"))

    class Meta:
        model = RoundPlan
        fields = ()

    def render_name(self, record):
        """Lead to the plan, its kind below."""
        address = reverse("grid:round_plan", args=[record.pk])
        return format_html('<a href="{}">{}</a><div class="l2">{}</div>', address, record.name, record.kind)

    def value_name(self, value):
        """Give the name."""
        return value

    def render_every_days(self, record):
        """Say the rhythm, the hours below."""
        hours = f"{record.opens_at:%H:%M}–{record.closes_at:%H:%M}"
        return format_html('{}<div class="l2">{}</div>', rhythm_of(record), hours)

    def value_every_days(self, record):
        """Give the rhythm."""
        return rhythm_of(record)

    def render_valid_from(self, record):
        """Show from when until when."""
        last = f"{record.valid_until:%Y-%m-%d}" if record.valid_until else "…"
        return format_html('<span class="nw">{} – {}</span>', f"{record.valid_from:%Y-%m-%d}", last)

    def value_valid_from(self, value):
        """Give the first day."""
        return value


def rhythm_of(plan: RoundPlan) -> str:
    """Return how often a plan asks for a round, in words."""
    if plan.weekdays:
        text = _("Weekdays: %(days)s") % {"days": joined(_weekday(int(day)) for day in plan.weekdays)}
    elif plan.every_days == 1:
        text = _("Every day")
    else:
        text = _("Every %(count)s days") % {"count": plan.every_days}
    return f"{text} · {_('working days')}" if plan.workdays_only else text


def _weekday(number: int) -> str:
    monday = date(2024, 1, 1)
    return date_format(monday.replace(day=number), "D")

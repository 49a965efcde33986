"""Columns of objections and of planned institutional changes."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.templatetags.shell import chip, moment

from .choices import PlanState
from .models import Objection, UnitPlan
from .workflow import AGREED, OBJECTION_OPEN_STATES, RETURNED

PLAN_TONES = {PlanState.PLANNED: "info", PlanState.DONE: "ok", PlanState.CANCELLED: ""}


def objection_tone(state: str) -> str:
    """Return the tone of an objection's state."""
    if state in OBJECTION_OPEN_STATES:
        return "info"
    return {AGREED: "ok", RETURNED: "warn"}.get(state, "")


class ObjectionTable(tables.Table):
    """Objections, two lines a row."""

    title = tables.Column(_("Objection"))
    state = tables.Column(_("Waits for"))
    item = tables.Column(_("Duty item"), accessor="version__name")
    raising_unit = tables.Column(_("Raised by"))
    handling_unit = tables.Column(_("Unit that should answer"), default="—")
    raised_at = tables.Column(_("Raised"))

    class Meta:
        model = Objection
        fields = ()

    def render_title(self, record):
        """Lead to the objection."""
        return format_html('<a href="{}">{}</a>', reverse("dutylist:objection", args=[record.pk]), record.title)

    def value_title(self, value):
        """Give the title alone."""
        return value

    def render_state(self, record):
        """Show where it is."""
        return chip(record.get_state_display(), objection_tone(record.state))

    def value_state(self, record):
        """Give the word alone."""
        return record.get_state_display()

    def render_item(self, record):
        """Show the item with its code."""
        return format_html('{}<div class="l2">{}</div>', record.version.name, record.item.code)

    def value_item(self, record):
        """Give code and name."""
        return f"{record.item.code} {record.version.name}"

    def render_raised_at(self, value):
        """Show the moment the short way."""
        return format_html('<span class="nw">{}</span>', moment(value))

    def value_raised_at(self, value):
        """Give the moment."""
        return value


class PlanTable(tables.Table):
    """Planned institutional changes."""

    unit = tables.Column(_("Unit"))
    kind = tables.Column(_("What is planned"))
    effective_on = tables.Column(_("In force from"))
    into = tables.Column(_("Successor"), default="—")
    state = tables.Column(_("State"))
    document = tables.Column(_("Decision document"))

    class Meta:
        model = UnitPlan
        fields = ()

    def render_unit(self, record):
        """Lead to the plan; what it will be called stands below."""
        below = format_html('<div class="l2">→ {}</div>', record.new_name) if record.new_name else ""
        return format_html('<a href="{}">{}</a>{}', reverse("dutylist:plan", args=[record.pk]), record.unit, below)

    def value_unit(self, record):
        """Give the name alone."""
        return str(record.unit)

    def render_effective_on(self, value):
        """Show the day."""
        return format_html('<span class="nw">{}</span>', value.isoformat())

    def value_effective_on(self, value):
        """Give the day."""
        return value

    def render_state(self, record):
        """Show where it stands; what stands in its way in red."""
        label = chip(record.get_state_display(), PLAN_TONES[PlanState(record.state)])
        if record.state == PlanState.PLANNED and record.problem:
            return format_html('{}<div class="l2 why">{}</div>', label, record.problem)
        return label

    def value_state(self, record):
        """Give the word alone."""
        return record.get_state_display()

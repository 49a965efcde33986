"""Columns of the list of dispatch rules."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from shenzhen_gov.core.templatetags.shell import chip, moment, sample_chip, who

from .models import RuleVersion
from .workflow import RULE_DRAFT, RULE_DROPPED, RULE_PUBLISHED, RULE_REPLACED, RULE_SUBMITTED, RULE_WITHDRAWN

RULE_TONES = {
    RULE_DRAFT: "",
    RULE_SUBMITTED: "info",
    RULE_PUBLISHED: "ok",
    RULE_REPLACED: "",
    RULE_WITHDRAWN: "warn",
    RULE_DROPPED: "",
}
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


def state_chip(version: RuleVersion):
    """Return the state of a version; of a published one also whether it holds today."""
    today = timezone.localdate()
    if version.state == RULE_PUBLISHED and version.valid_from > today:
        return chip(pgettext("rule", "Begins later"), "info")
    if version.state == RULE_PUBLISHED and version.valid_to is not None and version.valid_to < today:
        return chip(pgettext("rule", "Its days are over"), "warn")
    return chip(version.get_state_display(), RULE_TONES[version.state])


class RuleTable(tables.Table):
    """Versions of rules, two lines a row."""

    priority = tables.Column(_("Priority"), attrs=NUMBER)
    name = tables.Column(_("Rule"))
    state = tables.Column(_("State"))
    area = tables.Column(_("Holds in"), accessor="rule__area__name")
    valid_from = tables.Column(_("Valid"))
    hits = tables.Column(_("Hits in 30 days"), attrs=NUMBER)
    edited_at = tables.Column(_("Edited"))

    class Meta:
        model = RuleVersion
        fields = ()

    def render_name(self, record):
        """Lead to this version; code and number below."""
        address = reverse("dispatch:rule", args=[record.rule.code])
        label = sample_chip() if record.rule.is_sample else ""
        link = format_html('<a href="{}?version={}">{}</a> {}', address, record.number, record.name, label)
        return format_html('{}<div class="l2">{} · v{}</div>', link, record.rule.code, record.number)

    def value_name(self, record):
        """Give code and name."""
        return f"{record.rule.code} {record.name}"

    def render_state(self, record):
        """Show where it is."""
        return state_chip(record)

    def value_state(self, record):
        """Give the word alone."""
        return record.get_state_display()

    def render_valid_from(self, record):
        """Show the days."""
        until = record.valid_to.isoformat() if record.valid_to else ""
        return format_html('<span class="nw">{} –</span> <span class="nw">{}</span>', record.valid_from, until)

    def value_valid_from(self, record):
        """Give the days."""
        return f"{record.valid_from} – {record.valid_to or ''}"

    def render_edited_at(self, record):
        """Show when and by whom."""
        return format_html(
            '<span class="nw">{}</span><div class="l2">{}</div>', moment(record.edited_at), who(record.edited_by)
        )

    def value_edited_at(self, value):
        """Give the moment."""
        return value

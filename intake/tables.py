"""Columns of intake's lists."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.templatetags.shell import chip, moment

from .models import Lead, ReportPoint
from .workflow import LEAD_DISMISSED, LEAD_DONE, LEAD_FILED, LEAD_FOUND, LEAD_VERIFIED

LEAD_TONES = {LEAD_FOUND: "warn", LEAD_VERIFIED: "info", LEAD_FILED: "info", LEAD_DONE: "ok", LEAD_DISMISSED: ""}


class LeadTable(tables.Table):
    """Leads, two lines a row."""

    title = tables.Column(_("What was found"))
    state = tables.Column(_("State"))
    kind = tables.Column(_("Where it comes from"))
    area = tables.Column(_("Area"), default="—")
    times_seen = tables.Column(_("Times reported"))
    last_seen_at = tables.Column(_("Last reported"))
    case = tables.Column(_("Case"), default="—")

    class Meta:
        model = Lead
        fields = ()

    def render_title(self, record):
        """Lead to the lead, its number below."""
        address = reverse("intake:lead", args=[record.number])
        return format_html('<a href="{}">{}</a><div class="l2">{}</div>', address, record.title, record.number)

    def value_title(self, value):
        """Give the title alone."""
        return value

    def render_state(self, record):
        """Show where it is."""
        return chip(record.get_state_display(), LEAD_TONES[record.state])

    def value_state(self, record):
        """Give the word alone."""
        return record.get_state_display()

    def render_kind(self, record):
        """Show the kind, the channel below."""
        return format_html('{}<div class="l2">{}</div>', record.get_kind_display(), record.channel)

    def value_kind(self, record):
        """Give the kind alone."""
        return record.get_kind_display()

    def render_last_seen_at(self, value):
        """Show the moment the short way."""
        return format_html('<span class="nw">{}</span>', moment(value))

    def value_last_seen_at(self, value):
        """Give the moment."""
        return value

    def render_case(self, value):
        """Lead to the case."""
        return format_html('<a href="{}">{}</a>', reverse("intake:registered", args=[value.number]), value.number)

    def value_case(self, value):
        """Give the number."""
        return value.number


class PointTable(tables.Table):
    """QR points, two lines a row."""

    name = tables.Column(_("QR point"))
    area = tables.Column(_("Area"))
    is_active = tables.Column(_("State"))
    created_at = tables.Column(_("Created"))
    steps = tables.TemplateColumn(
        template_name="intake/_point_steps.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    class Meta:
        model = ReportPoint
        fields = ()

    def render_name(self, record):
        """Show the name, the address below it."""
        return format_html('{}<div class="l2">{}</div>', record.name, record.address)

    def value_name(self, record):
        """Give name and address."""
        return f"{record.name} {record.address}"

    def render_is_active(self, value):
        """Show whether it is in use."""
        return chip(self.value_is_active(value), "ok" if value else "")

    def value_is_active(self, value):
        """Give the word alone."""
        return str(_("In use") if value else _("Out of use"))

    def render_created_at(self, value):
        """Show the moment the short way."""
        return moment(value)

    def value_created_at(self, value):
        """Give the moment itself."""
        return value

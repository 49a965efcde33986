"""The table of early warnings."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from shenzhen_gov.core.templatetags.shell import chip, full_moment, moment

from .choices import WarningKind
from .models import EarlyWarning
from .warning_words import explain, small_trend, title_of
from .workflow import WARNING_ACTED, WARNING_FALSE, WARNING_OPEN, WARNING_TRUE

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
TONES = {WARNING_OPEN: "warn", WARNING_TRUE: "acc", WARNING_ACTED: "info", WARNING_FALSE: ""}


class WarningTable(tables.Table):
    """Warnings, the most pressing first."""

    score = tables.Column(gettext_lazy("Score"), attrs=NUMBER)
    kind = tables.Column(gettext_lazy("Kind"))
    name = tables.Column(gettext_lazy("Matter · area"))
    text = tables.Column(pgettext_lazy("warning", "Evidence"), empty_values=())
    trend = tables.Column(gettext_lazy("28 days"), empty_values=())
    area = tables.Column(gettext_lazy("Area"), visible=False)
    count = tables.Column(gettext_lazy("Cases"), attrs=NUMBER)
    citizens = tables.Column(gettext_lazy("Citizens"), visible=False)
    last_found_at = tables.Column(gettext_lazy("Last found"))
    state = tables.Column(gettext_lazy("State"))
    owner_unit = tables.Column(pgettext_lazy("early warning", "Owner"), default="", visible=False)
    reason = tables.Column(gettext_lazy("Reason"), visible=False)
    action = tables.Column(gettext_lazy("What was done"), visible=False)

    class Meta:
        model = EarlyWarning
        fields = ()

    def render_score(self, value):
        """Show the score."""
        return format_html("<b>{}</b>", f"{value:.1f}")

    def value_score(self, value):
        """Give the number."""
        return value

    def render_kind(self, record):
        """Show the kind as a chip; risk words stand out."""
        return chip(record.get_kind_display(), "bad" if record.kind == WarningKind.RISK else "plain")

    def value_kind(self, record):
        """Give the kind in words."""
        return record.get_kind_display()

    def render_name(self, record):
        """Lead to the warning; the area stands below."""
        address = reverse("analytics:warning", args=[record.pk])
        return format_html('<a href="{}">{}</a><div class="l2">{}</div>', address, title_of(record), record.area)

    def value_name(self, record):
        """Give the matter alone."""
        return title_of(record)

    def render_text(self, record):
        """Say the evidence; cut when it is long."""
        text = explain(record)
        return format_html('<span class="sm two-lines" title="{}">{}</span>', text, text)

    def value_text(self, record):
        """Give the whole sentence."""
        return explain(record)

    def render_trend(self, record):
        """Show the days as a small picture."""
        return small_trend(record)

    def value_trend(self, record):
        """Give the numbers of the days."""
        return " ".join(str(count) for _day, count, _expected in record.evidence.get("days", []))

    def render_last_found_at(self, value):
        """Show the moment on one line."""
        return format_html('<span class="nw" title="{}">{}</span>', full_moment(value), moment(value))

    def value_last_found_at(self, value):
        """Give the moment itself."""
        return value

    def render_state(self, record):
        """Show the state; the owner stands below."""
        state = chip(record.get_state_display(), TONES.get(record.state, "ok"))
        return format_html('{}<div class="l2">{}</div>', state, record.owner_unit or "")

    def value_state(self, record):
        """Give the state in words."""
        return record.get_state_display()

"""Tables of analytics."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.models import Case
from shenzhen_gov.core.templatetags.shell import chip, full_moment, moment, sample_chip

from .choices import RadarKind
from .models import ExclusionRequest, RadarFinding

TONES = {
    RadarKind.GAP: "bad",
    RadarKind.RETURNS: "bad",
    RadarKind.OVERLAP: "warn",
    RadarKind.CATCH_ALL: "warn",
    RadarKind.INCOMPLETE: "warn",
}
CUT = {"td": {"class": "cut"}}
TWO_LINES = '<div class="el">{}</div><div class="l2 el">{}</div>'
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class RadarTable(tables.Table):
    """Findings, what matters most first."""

    score = tables.Column(gettext_lazy("Score"), attrs=NUMBER)
    kind = tables.Column(gettext_lazy("Kind"))
    code = tables.Column(gettext_lazy("Code"), accessor="item__code", visible=False)
    name = tables.Column(gettext_lazy("Duty item"))
    text = tables.Column(gettext_lazy("Finding"))
    area = tables.Column(gettext_lazy("Area"))
    cases = tables.Column(gettext_lazy("Cases in the period"), attrs=NUMBER)
    first_seen_at = tables.Column(gettext_lazy("First seen"))
    state = tables.Column(gettext_lazy("State"), visible=False)
    dismissed_because = tables.Column(gettext_lazy("Reason"), visible=False)

    class Meta:
        model = RadarFinding
        fields = ()

    def render_score(self, record):
        """Show the score; how it came about stands in the tip."""
        return format_html('<b title="{}">{}</b>', score_words(record), f"{record.score:g}")

    def value_score(self, value):
        """Give the number."""
        return value

    def render_kind(self, record):
        """Show the kind as a chip."""
        return kind_chip(record.kind)

    def value_kind(self, record):
        """Give the kind in words."""
        return record.get_kind_display()

    def render_name(self, record):
        """Lead to the finding; the path stands below."""
        address = reverse("analytics:radar_finding", args=[record.pk])
        label = sample_chip() if record.is_sample else ""
        return format_html(
            '<a href="{}">{}</a> {}<div class="l2">{}</div>', address, record.name, label, record.path_text
        )

    def value_name(self, value):
        """Give the name alone."""
        return value

    def render_text(self, value):
        """Cut a long sentence on the page."""
        return format_html('<span class="sm two-lines" title="{}">{}</span>', value, value)

    def value_text(self, value):
        """Give the whole sentence."""
        return value

    def render_first_seen_at(self, value):
        """Show the moment on one line."""
        return format_html('<span class="nw">{}</span>', full_moment(value))

    def value_first_seen_at(self, value):
        """Give the moment itself."""
        return value

    def value_state(self, record):
        """Give the state in words."""
        return record.get_state_display()


def kind_chip(kind: str):
    """Return a kind as a chip."""
    return chip(str(RadarKind(kind).label), TONES.get(RadarKind(kind), ""))


def score_words(finding: RadarFinding) -> str:
    """Return how the score of a finding came about."""
    text = _("(%(cases)s cases + 1) × weight %(weight)s of this kind = %(score)s")
    return text % {"cases": finding.cases, "weight": f"{finding.weight:g}", "score": f"{finding.score:g}"}


class BehindTable(tables.Table):
    """The cases that a figure counts, two lines a row as in the list of all cases; `counted_on` is set by the view."""

    counted_on = tables.Column(gettext_lazy("Counted on"))
    number = tables.Column(gettext_lazy("Number"), visible=False)
    title = tables.Column(gettext_lazy("Request · number"), attrs=CUT)
    state = tables.Column(gettext_lazy("State · accountable unit"), accessor="get_state_display", attrs=CUT)
    holder = tables.Column(gettext_lazy("Accountable unit"), default="", visible=False)
    address = tables.Column(gettext_lazy("Place · item"), empty_values=(), attrs=CUT)
    area = tables.Column(gettext_lazy("Area"), default="", visible=False)
    item = tables.Column(gettext_lazy("Duty item"), accessor="item_version__path_text", default="", visible=False)
    due_at = tables.Column(gettext_lazy("Due"), default="")
    registered_at = tables.Column(gettext_lazy("Registered"))
    channel = tables.Column(gettext_lazy("Channel"), visible=False)

    class Meta:
        model = Case
        fields = ()

    def render_counted_on(self, value):
        """Show the day."""
        return format_html('<span class="nw">{}</span>', f"{value:%Y-%m-%d}")

    def render_title(self, record):
        """Lead to the case."""
        address = reverse("dispatch:case", args=[record.number])
        return format_html(
            '<a class="el block" href="{}">{}</a><div class="l2 el">{}</div>', address, record.title, record.number
        )

    def render_state(self, value, record):
        """Show the state, and who answers for the case."""
        return format_html(TWO_LINES, value, record.holder or "")

    def render_address(self, record):
        """Show where, and what it is about."""
        item = record.item_version.name if record.item_version else _("No duty item")
        return format_html(TWO_LINES, record.address or record.area or "—", item)

    def render_due_at(self, value):
        """Show the deadline the short way."""
        return moment(value)

    def render_registered_at(self, value, record):
        """Show when, and by which channel."""
        return format_html('<div class="nw">{}</div><div class="l2">{}</div>', moment(value), record.channel)

    def value_title(self, value):
        """Give the whole title."""
        return value

    value_counted_on = value_state = value_due_at = value_registered_at = value_title

    def value_address(self, record):
        """Give the address."""
        return record.address


EXCLUSION_TONES = {"open": "warn", "agreed": "ok", "refused": "bad"}


class ExclusionTable(tables.Table):
    """Requests for exclusions."""

    number = tables.Column(gettext_lazy("Case"), accessor="case__number")
    unit = tables.Column(gettext_lazy("Unit that asks"))
    month = tables.Column(gettext_lazy("Month"))
    indicator = tables.Column(gettext_lazy("Indicator"))
    ground = tables.Column(gettext_lazy("Ground"))
    reason = tables.Column(gettext_lazy("Reason"))
    state = tables.Column(gettext_lazy("State"))
    asked_at = tables.Column(gettext_lazy("Asked"))
    decided_by = tables.Column(gettext_lazy("Decided by"), visible=False)
    opinion = tables.Column(gettext_lazy("Opinion"), visible=False)

    class Meta:
        model = ExclusionRequest
        fields = ()

    def render_number(self, record, value):
        """Lead to the request."""
        return format_html('<a href="{}">{}</a>', reverse("analytics:ledger_exclusion", args=[record.pk]), value)

    def value_number(self, value):
        """Give the number alone."""
        return value

    def render_month(self, value):
        """Show year and month."""
        return f"{value:%Y-%m}"

    def render_reason(self, value):
        """Cut a long reason on the page."""
        return format_html('<span class="sm two-lines" title="{}">{}</span>', value, value)

    def value_reason(self, value):
        """Give the whole reason."""
        return value

    def render_state(self, record):
        """Show the state as a chip."""
        return chip(str(record.get_state_display()), EXCLUSION_TONES.get(record.state, ""))

    def value_state(self, record):
        """Give the state in words."""
        return str(record.get_state_display())

    def render_asked_at(self, value):
        """Show the moment on one line."""
        return format_html('<span class="nw">{}</span>', full_moment(value))

    def value_asked_at(self, value):
        """Give the moment itself."""
        return value

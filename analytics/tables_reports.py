"""Tables of reports and special themes."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.selectors.figures import Period
from analytics.selectors.report_content import period_words
from shenzhen_gov.core.templatetags.shell import chip, full_moment, sample_chip, who

from .models import Report, SpecialTheme
from .workflow import ACHIEVED, PROPOSED, RUNNING

THEME_TONES = {PROPOSED: "info", RUNNING: "warn", ACHIEVED: "ok"}
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class ReportTable(tables.Table):
    """Reports, the newest first."""

    last = tables.Column(gettext_lazy("Time"))
    kind = tables.Column(gettext_lazy("Kind"))
    about = tables.Column(pgettext_lazy("report", "About"), empty_values=())
    made_at = tables.Column(pgettext_lazy("report", "Made"))
    made_by = tables.Column(pgettext_lazy("report", "Made by"))
    edition = tables.Column(gettext_lazy("Edition"), attrs=NUMBER)
    files = tables.Column(pgettext_lazy("report", "Files"), empty_values=(), exclude_from_export=True)

    class Meta:
        model = Report
        fields = ()

    def render_last(self, record):
        """Lead to the report by its time."""
        address = reverse("analytics:report", args=[record.pk])
        return format_html('<a class="nw" href="{}">{}</a>', address, _time(record))

    def value_last(self, record):
        """Give the time in words."""
        return _time(record)

    def render_about(self, record):
        """Show the unit, or the area."""
        return str(record.unit or record.area)

    def value_about(self, record):
        """Give the unit, or the area."""
        return str(record.unit or record.area)

    def render_made_at(self, value):
        """Show the moment on one line."""
        return format_html('<span class="nw">{}</span>', full_moment(value))

    def value_made_at(self, value):
        """Give the moment itself."""
        return value

    def render_made_by(self, value):
        """Call the machine's jobs the system."""
        return who(value)

    def render_files(self, record):
        """Lead to the files."""
        sheet, pdf = (reverse("analytics:report_file", args=[record.pk, form]) for form in ("xlsx", "pdf"))
        return format_html('<a href="{}">{}</a> · <a href="{}">PDF</a>', sheet, "Excel", pdf)


def _time(record: Report) -> str:
    return period_words(Period(record.first, record.last))


class ThemeTable(tables.Table):
    """Special themes, the newest first."""

    title = tables.Column(gettext_lazy("Special theme"))
    state = tables.Column(gettext_lazy("State"))
    area = tables.Column(gettext_lazy("Area"))
    owner = tables.Column(gettext_lazy("Unit in charge"))
    lead = tables.Column(gettext_lazy("In charge"), accessor="lead__get_full_name")
    started_on = tables.Column(gettext_lazy("First day"))
    target_on = tables.Column(gettext_lazy("To be reached by"))

    class Meta:
        model = SpecialTheme
        fields = ()

    def render_title(self, record):
        """Lead to the theme."""
        label = sample_chip() if record.is_sample else ""
        return format_html('<a href="{}">{}</a> {}', reverse("analytics:theme", args=[record.pk]), record.title, label)

    def value_title(self, value):
        """Give the title alone."""
        return value

    def render_state(self, record):
        """Show the state as a chip."""
        return theme_chip(record)

    def value_state(self, record):
        """Give the state in words."""
        return record.get_state_display()

    def render_started_on(self, value):
        """Show the day as it sorts."""
        return value.isoformat()

    def value_started_on(self, value):
        """Give the day itself."""
        return value

    def render_target_on(self, value):
        """Show the day as it sorts."""
        return value.isoformat()

    def value_target_on(self, value):
        """Give the day itself."""
        return value


def theme_chip(theme: SpecialTheme):
    """Return the state of a theme as a chip."""
    return chip(theme.get_state_display(), THEME_TONES.get(theme.state, ""))

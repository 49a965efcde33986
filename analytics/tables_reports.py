"""Tables of reports and special themes."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.selectors.figures import Period
from analytics.selectors.report_content import period_words
from shenzhen_gov.core.templatetags.shell import full_moment

from .models import Report

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class ReportTable(tables.Table):
    """Reports, the newest first."""

    last = tables.Column(gettext_lazy("Time"))
    kind = tables.Column(gettext_lazy("Kind"))
    about = tables.Column(gettext_lazy("About"), empty_values=())
    made_at = tables.Column(gettext_lazy("Made"))
    made_by = tables.Column(gettext_lazy("Made by"))
    edition = tables.Column(gettext_lazy("Edition"), attrs=NUMBER)
    files = tables.Column(gettext_lazy("Files"), empty_values=(), exclude_from_export=True)

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

    def render_files(self, record):
        """Lead to the files."""
        sheet, pdf = (reverse("analytics:report_file", args=[record.pk, form]) for form in ("xlsx", "pdf"))
        return format_html('<a href="{}">{}</a> · <a href="{}">PDF</a>', sheet, _("Excel"), pdf)


def _time(record: Report) -> str:
    return period_words(Period(record.first, record.last))

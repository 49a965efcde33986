"""Columns of the duty list."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.templatetags.shell import chip, sample_chip

from .models import ItemVersion

FLAGS = (
    ("is_component", _("Photos needed")),
    ("is_secret", _("Secret")),
    ("hand_down", _("Handed down to subdistricts")),
)


class DutyTable(tables.Table):
    """The items in force, two lines a row."""

    code = tables.Column(_("Code"), accessor="item__code")
    name = tables.Column(_("Duty item"))
    path = tables.Column(_("Path"), accessor="path_text", visible=False)
    criteria = tables.Column(_("Acceptance criteria"))
    limit = tables.Column(_("Limit"), accessor="limit_normal", default="—")
    flags = tables.Column(_("Marks"), empty_values=())
    version = tables.Column(_("Version"), accessor="number")
    effective_from = tables.Column(_("In force from"), visible=False)
    source = tables.Column(_("Source"), accessor="get_source_display", visible=False)

    class Meta:
        model = ItemVersion
        fields = ()

    def render_name(self, record):
        """Lead to the item; the path stands below, the sample label beside."""
        label = sample_chip() if record.is_sample else ""
        address = reverse("dutylist:item", args=[record.item.code])
        return format_html(
            '<a href="{}">{}</a> {}<div class="l2">{}</div>', address, record.name, label, record.path_text
        )

    def value_name(self, value):
        """Give the name alone."""
        return value

    def render_criteria(self, value):
        """Cut long criteria on the page."""
        return format_html('<span class="sm two-lines" title="{}">{}</span>', value, value)

    def value_criteria(self, value):
        """Give the whole text."""
        return value

    def render_limit(self, record):
        """Show the limit with its unit."""
        return f"{record.limit_normal} {record.get_limit_unit_display()}"

    def render_flags(self, record):
        """Show what is special about the item."""
        marks = [label for name, label in FLAGS if getattr(record, name)]
        return format_html_join(" ", "{}", ((chip(str(label), "plain"),) for label in marks))

    def value_flags(self, record):
        """Give the marks as words."""
        return ", ".join(str(label) for name, label in FLAGS if getattr(record, name))

    def render_version(self, record):
        """Show the number and since when."""
        return format_html('{}<div class="l2 nw">{}</div>', record.number, record.effective_from)

    def value_version(self, value):
        """Give the number."""
        return value

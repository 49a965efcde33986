"""Columns of the knowledge base's list."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.templatetags.shell import chip, moment, sample_chip

from .models import ArticleVersion
from .workflow import (
    ARTICLE_DRAFT,
    ARTICLE_DROPPED,
    ARTICLE_EXPIRED,
    ARTICLE_LIVE,
    ARTICLE_OFF,
    ARTICLE_REPLACED,
    ARTICLE_REVIEW,
)

ARTICLE_TONES = {
    ARTICLE_DRAFT: "",
    ARTICLE_REVIEW: "info",
    ARTICLE_LIVE: "ok",
    ARTICLE_OFF: "warn",
    ARTICLE_EXPIRED: "warn",
    ARTICLE_REPLACED: "",
    ARTICLE_DROPPED: "",
}


class ArticleTable(tables.Table):
    """Versions of articles, two lines a row."""

    title = tables.Column(_("Article"))
    state = tables.Column(_("State"))
    unit = tables.Column(_("Owned by"), accessor="article__unit")
    area = tables.Column(_("Holds in"), default=_("Whole city"))
    expires_on = tables.Column(_("Valid until"), default="—")
    uses = tables.Column(_("Uses"), accessor="article__uses", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    entered_at = tables.Column(_("Entered"))

    class Meta:
        model = ArticleVersion
        fields = ()

    def render_title(self, record):
        """Lead to this version; code and number below."""
        address = reverse("intake:article", args=[record.article.code])
        label = sample_chip() if record.is_sample else ""
        link = format_html('<a href="{}?version={}">{}</a> {}', address, record.number, record.title, label)
        return format_html('{}<div class="l2">{} · v{}</div>', link, record.article.code, record.number)

    def value_title(self, value):
        """Give the title alone."""
        return value

    def render_state(self, record):
        """Show where it is."""
        return chip(record.get_state_display(), ARTICLE_TONES[record.state])

    def value_state(self, record):
        """Give the word alone."""
        return record.get_state_display()

    def render_expires_on(self, value):
        """Show the day."""
        return format_html('<span class="nw">{}</span>', value.isoformat())

    def value_expires_on(self, value):
        """Give the day."""
        return value

    def render_entered_at(self, record):
        """Show when and by whom."""
        return format_html(
            '<span class="nw">{}</span><div class="l2">{}</div>', moment(record.entered_at), record.entered_by
        )

    def value_entered_at(self, value):
        """Give the moment."""
        return value

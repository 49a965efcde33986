"""Job runs and the audit log as lists."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from shenzhen_gov.core import audit
from shenzhen_gov.core.lists import ListPage, Sort
from shenzhen_gov.core.models import AuditEntry, JobRun
from shenzhen_gov.core.templatetags.shell import full_moment

from .words import action_text, changes_text, require_system_administrator, state_chip


class JobFilters(django_filters.FilterSet):
    """By name and by state."""

    job = django_filters.CharFilter(lookup_expr="istartswith", label=gettext_lazy("Job begins with"))
    state = django_filters.ChoiceFilter(
        choices=JobRun.State.choices, label=gettext_lazy("State"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = JobRun
        fields = ("job", "state")


class JobTable(tables.Table):
    """Runs as a table."""

    done = tables.Column(verbose_name=gettext_lazy("Progress"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    class Meta:
        model = JobRun
        fields = ("job", "state", "asked_by", "started_at", "ended_at", "done", "message")

    def render_state(self, record):
        """Show the state as a chip."""
        return state_chip(record)

    def value_state(self, value):
        """Export the word alone."""
        return value

    def render_started_at(self, value):
        """Show the moment in full, on one line."""
        return format_html('<span class="nw">{}</span>', full_moment(value))

    def value_started_at(self, value):
        """Export the moment itself."""
        return value

    render_ended_at, value_ended_at = render_started_at, value_started_at

    def render_done(self, record):
        """Show how much of how much."""
        return f"{record.done} / {record.total}" if record.total else str(record.done or "")


class JobList(ListPage):
    """Runs of background jobs."""

    title = gettext_lazy("Job runs")
    filterset_class = JobFilters
    table_class = JobTable
    export_name = "job-runs"
    empty_text = gettext_lazy("No job has run yet.")
    empty_hint = gettext_lazy("Runs appear here as soon as a background job starts.")
    empty_icon = "replay"
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-started_at", "-id"), column="started_at"),
        Sort("oldest", gettext_lazy("Oldest first"), ("started_at", "id"), column="started_at"),
        Sort("job", gettext_lazy("By job"), ("job", "-id"), column="job"),
    )

    def check_access(self):
        """For administrators of the whole city."""
        require_system_administrator(self.request.user)

    def get_queryset(self):
        """Return every run."""
        return JobRun.objects.all()


class AuditFilters(django_filters.FilterSet):
    """By action, person, object and day."""

    action = django_filters.ChoiceFilter(
        choices=lambda: sorted(audit.ACTIONS.items()), label=gettext_lazy("Action"), empty_label=gettext_lazy("All")
    )
    actor_name = django_filters.CharFilter(lookup_expr="istartswith", label=gettext_lazy("Who"))
    object_text = django_filters.CharFilter(lookup_expr="istartswith", label=gettext_lazy("Object begins with"))
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=gettext_lazy("From day"))
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=gettext_lazy("To day"))

    class Meta:
        model = AuditEntry
        fields = ("action", "actor_name", "object_text", "since", "until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.filters[name].field.widget.input_type = "date"


class AuditTable(tables.Table):
    """Entries as a table."""

    # Of our own: the model's JSON column would be shown as a dictionary.
    changes = tables.Column(verbose_name=gettext_lazy("Changes"))

    class Meta:
        model = AuditEntry
        fields = ("at", "actor_name", "action", "object_text", "note", "changes")

    def render_at(self, value):
        """Show the moment in full, on one line."""
        return format_html('<span class="nw">{}</span>', full_moment(value))

    def value_at(self, value):
        """Export the moment itself."""
        return value

    def render_action(self, value):
        """Show the action in words."""
        return format_html('<span class="nw">{}</span>', action_text(value))

    def value_action(self, value):
        """Export the action in words."""
        return action_text(value)

    def render_object_text(self, record):
        """Show what the object is called, and which it is."""
        return format_html(
            '{}<div class="l2">{} {} #{}</div>', record.object_text, record.object_type, record.object_id, record.seq
        )

    def value_object_text(self, record):
        """Export the object on one line."""
        return f"{record.object_text} ({record.object_type} {record.object_id} #{record.seq})"

    def render_changes(self, value):
        """Show the facts of the step, briefly."""
        words = changes_text(value)
        return format_html('<div class="l2 clamp" title="{}">{}</div>', words, words.replace("\n", " · "))

    def value_changes(self, value):
        """Export the facts of the step."""
        return changes_text(value)


class AuditList(ListPage):
    """The audit log."""

    title = gettext_lazy("Audit log")
    filterset_class = AuditFilters
    table_class = AuditTable
    row_css = "two"
    export_name = "audit-log"
    empty_text = gettext_lazy("Nothing has been done yet.")
    empty_icon = "shield"
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="at"),
        Sort("oldest", gettext_lazy("Oldest first"), ("id",), column="at"),
    )

    def check_access(self):
        """For administrators of the whole city."""
        require_system_administrator(self.request.user)

    def get_queryset(self):
        """Return every entry."""
        return AuditEntry.objects.all()

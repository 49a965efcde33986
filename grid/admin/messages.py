"""Message templates, and messages that have not arrived."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.admin_scope import ReadOnlyAdmin, ScopedAdmin
from grid.choices import MessageState, MessageWay
from grid.models import Message, MessageTemplate
from grid.services import TemplateRow, drop_message, retry_message, save_message_template
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ScopedAdmin):
    """What messages say and how they go. Facts stand in {braces}; a template is taken out of use, never deleted."""

    list_display = ("title", "key", "ways", "text", "is_active", "source")
    list_filter = ("is_active",)
    search_fields = ("key", "title", "text")
    ordering = ("key",)
    fields = ("key", "ways", "title", "title_en", "text", "text_en", "facts", "source", "is_active")

    def has_add_permission(self, request, obj=None) -> bool:
        """A template belongs to an event of the portal: it is changed, not invented."""
        return False

    def get_readonly_fields(self, request, obj=None):
        """Key and facts belong to the event."""
        return ("key", "facts")

    def write(self, obj: MessageTemplate, form, change, *, by, now) -> MessageTemplate:
        """Save the template."""
        row = TemplateRow(**{name: getattr(obj, name) for name in self.fields})
        return save_message_template(row, by=by, now=now)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """SMS and mail that have not gone out. Nothing is changed here: it is sent again, or given up."""

    list_display = ("title", "way", "unit", "about", "state", "tries", "next_try_at", "problem", "created_at")
    list_filter = ("state", "way")
    list_select_related = ("unit",)
    ordering = ("-id",)
    fields = (*list_display, "text")
    actions = ("retry", "give_up")
    show_full_result_count = False

    def get_queryset(self, request):
        """Leave out what has arrived."""
        return super().get_queryset(request).exclude(state=MessageState.SENT).exclude(way=MessageWay.PORTAL)

    @admin.action(description=gettext_lazy("Send the chosen messages again"))
    def retry(self, request, queryset):
        """Send again, with all tries before it."""
        self._each(request, queryset, retry_message, _("%(message)s is sent again."))

    @admin.action(description=gettext_lazy("Give up the chosen messages"))
    def give_up(self, request, queryset):
        """Send no more."""
        self._each(request, queryset, drop_message, _("%(message)s is given up."))

    def _each(self, request, queryset, step: Callable, done: str) -> None:
        for message in queryset:
            try:
                step(message.pk, by=Actor.staff(request.user), now=timezone.now())
                messages.success(request, done % {"message": message})
            except Refused as refusal:
                messages.error(request, f"{message}: {refusal}")

"""Call-backs that have not arrived: those that are stuck first of all."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.admin_scope import ReadOnlyAdmin
from intake.choices import DeliveryState
from intake.models import Delivery
from intake.services import drop_delivery, retry_delivery
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What channels are owed. Nothing is changed here: it is sent again, or given up."""

    list_display = ("channel", "event", "case", "state", "tries", "next_try_at", "last_error", "created_at")
    list_filter = ("state", "channel")
    list_select_related = ("channel", "case")
    ordering = ("-id",)
    fields = (*list_display, "payload")
    actions = ("retry", "give_up")
    show_full_result_count = False

    def get_queryset(self, request):
        """Leave out what has arrived: it is kept for a while and then forgotten."""
        return super().get_queryset(request).exclude(state=DeliveryState.DELIVERED)

    @admin.action(description=gettext_lazy("Send the chosen call-backs again"))
    def retry(self, request, queryset):
        """Send again, with all tries before it."""
        self._each(request, queryset, retry_delivery, _("%(callback)s is sent again."))

    @admin.action(description=gettext_lazy("Give up the chosen call-backs"))
    def give_up(self, request, queryset):
        """Send no more."""
        self._each(request, queryset, drop_delivery, _("%(callback)s is given up."))

    def _each(self, request, queryset, step: Callable, done: str) -> None:
        for delivery in queryset:
            try:
                step(delivery.pk, by=Actor.staff(request.user), now=timezone.now())
                messages.success(request, done % {"callback": delivery})
            except Refused as refusal:
                messages.error(request, f"{delivery}: {refusal}")

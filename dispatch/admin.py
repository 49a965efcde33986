"""Dispatch in the admin: rules to look up, and platforms of the exchange. Cases are worked on at the desks."""

from __future__ import annotations

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.admin_scope import ReadOnlyAdmin, ScopedAdmin
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .models import ClockRule, ClosingCriterion, DutyGap, EscalationRule, Peer, RequestReason
from .services import (
    PeerRow,
    RequestReasonRow,
    make_peer_secret,
    save_closing_criterion,
    save_peer,
    save_request_reason,
)
from .services.closing import CriterionRow
from .services.rules import add_clock_rule, save_escalation_rule


@admin.register(ClockRule)
class ClockRuleAdmin(ScopedAdmin):
    """Time limits, each with the rule it comes from. One is never changed, but followed by a later one."""

    list_display = (
        "kind", "request_type", "urgency", "channel", "item", "level", "is_redo", "amount", "unit", "effective_from",
        "source",
    )  # fmt: skip
    list_filter = ("kind", "urgency", "request_type", "level", "is_redo")
    list_select_related = ("channel", "item")
    raw_id_fields = ("item",)

    def has_change_permission(self, request, obj=None) -> bool:
        """A limit that is there stays as it is."""
        return obj is None and super().has_change_permission(request, obj)

    def write(self, obj: ClockRule, form, change, *, by, now) -> ClockRule:
        """Enter the limit."""
        return add_clock_rule(obj, by=by, now=now)


@admin.register(EscalationRule)
class EscalationRuleAdmin(ScopedAdmin):
    """Who hears what when a clock is nearly or quite over. One that is there can only be ended."""

    list_display = ("clock", "stage", "days", "whom", "what", "effective_from", "effective_until", "source")
    list_filter = ("clock", "stage", "whom", "what")

    def get_readonly_fields(self, request, obj=None):
        """Of a rule that is there only its end is open."""
        return ("clock", "stage", "days", "whom", "what", "effective_from", "source") if obj else ()

    def write(self, obj: EscalationRule, form, change, *, by, now) -> EscalationRule:
        """Enter the rule, or end it."""
        return save_escalation_rule(obj, by=by, now=now)


@admin.register(RequestReason)
class RequestReasonAdmin(ScopedAdmin):
    """Grounds for requests: why a unit may ask to return, extend, suspend and so on."""

    list_display = ("name", "name_en", "kind", "code", "days", "is_active", "source")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "name_en", "code")
    ordering = ("kind", "order", "code")
    fields = ("code", "kind", "name", "name_en", "days", "order", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code stands in the history of cases."""
        return ("code", "kind") if obj else ()

    def write(self, obj: RequestReason, form, change, *, by, now) -> RequestReason:
        """Save the ground."""
        row = RequestReasonRow(**{name: getattr(obj, name) for name in self.fields})
        return save_request_reason(row, by=by, now=now)


@admin.register(ClosingCriterion)
class ClosingCriterionAdmin(ScopedAdmin):
    """What closes a case of each kind of request. One is taken out of use, never deleted."""

    list_display = ("name", "request_type", "evidence", "order", "is_active", "source")
    list_filter = ("request_type", "is_active")
    search_fields = ("name", "name_en", "code")
    ordering = ("order", "code")
    fields = ("code", "request_type", "name", "name_en", "evidence", "order", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code is what a file brings the criterion in line by."""
        return ("code",) if obj else ()

    def write(self, obj: ClosingCriterion, form, change, *, by, now) -> ClosingCriterion:
        """Save the criterion."""
        return save_closing_criterion(
            CriterionRow(**{name: getattr(obj, name) for name in self.fields}), by=by, now=now
        )


@admin.register(DutyGap)
class DutyGapAdmin(ReadOnlyAdmin):
    """Holes of the duty list that cases fell into."""

    list_display = ("item", "area", "cases", "first_seen_at", "last_seen_at")
    list_select_related = ("item", "area")
    search_fields = ("item__code", "area__name")


@admin.register(Peer)
class PeerAdmin(ScopedAdmin):
    """Platforms of the district exchange. One is taken out of use, never deleted: cases name it."""

    list_display = ("name", "code", "unit", "channel", "url", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("unit", "channel")
    search_fields = ("name", "code")
    autocomplete_fields = ("unit",)
    fields = ("code", "name", "unit", "url", "our_code", "channel", "identity_purpose", "is_active")
    actions = ("make_secret",)

    def get_readonly_fields(self, request, obj=None):
        """The code and the unit stand in conversations that are under way."""
        return ("code", "unit") if obj else ()

    def write(self, obj: Peer, form, change, *, by, now) -> Peer:
        """Save the platform."""
        names = ("code", "name", "unit_id", "url", "our_code", "channel_id", "identity_purpose", "is_active")
        return save_peer(PeerRow(**{name: getattr(obj, name) for name in names}), by=by, now=now)

    @admin.action(description=gettext_lazy("Make new keys for the chosen platforms"))
    def make_secret(self, request, queryset):
        """Make keys and show them this once."""
        for found in queryset:
            try:
                peer, secret = make_peer_secret(found.pk, by=Actor.staff(request.user), now=timezone.now())
                text = _("The key of %(peer)s, shown this once: %(key)s")
                messages.warning(request, text % {"peer": peer, "key": secret})
            except Refused as refusal:
                messages.error(request, f"{found}: {refusal}")

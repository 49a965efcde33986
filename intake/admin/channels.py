"""Channels and their keys. Cases are worked on at the desks, not here."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from grid.admin_scope import ReadOnlyInline, ScopedAdmin
from intake.choices import ChannelRight
from intake.models import Channel, ChannelToken
from intake.services import ChannelRow, create_channel_token, revoke_channel_token, save_channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused


class ChannelForm(forms.ModelForm):
    """A channel; its rights are boxes to tick."""

    rights = forms.MultipleChoiceField(
        label=gettext_lazy("Rights"),
        choices=ChannelRight.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
        help_text=gettext_lazy("What its keys may do."),
    )


class TokensInline(ReadOnlyInline):
    """The keys of a channel, as far as they can be shown."""

    model = ChannelToken
    fields = readonly_fields = ("prefix", "note", "created_at", "revoked_at")
    ordering = ("-created_at",)


@admin.register(Channel)
class ChannelAdmin(ScopedAdmin):
    """Ways in. A channel is taken out of use, never deleted: cases name it."""

    form = ChannelForm
    list_display = ("name", "name_en", "code", "origin", "default_urgency", "quota", "is_active", "source")
    list_filter = ("is_active",)
    search_fields = ("name", "name_en", "code")
    ordering = ("order", "code")
    fields = (
        *("code", "name", "name_en", "origin", "default_urgency", "default_type"),
        *("rights", "quota", "needs_signature", "callback_url", "is_listed", "order", "source", "is_active"),
    )
    inlines = (TokensInline,)

    def get_readonly_fields(self, request, obj=None):
        """The code and the letters stand in numbers and keys that are already out."""
        return ("code", "origin") if obj else ()

    def get_inlines(self, request, obj):
        """Keys belong to a channel that exists."""
        return self.inlines if obj else ()

    def write(self, obj: Channel, form, change, *, by, now) -> Channel:
        """Save the channel."""
        row = ChannelRow(**{name: getattr(obj, name) for name in self.fields})
        return save_channel(row, by=by, now=now)


@admin.register(ChannelToken)
class ChannelTokenAdmin(ScopedAdmin):
    """Keys: made here and shown once, revoked here, never changed."""

    list_display = ("channel", "prefix", "note", "created_at", "revoked_at")
    list_filter = ("channel", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("channel",)
    ordering = ("-created_at",)
    fields = ("channel", "note")
    actions = ("revoke",)

    def get_readonly_fields(self, request, obj=None):
        """A key that exists is only looked at."""
        return self.list_display if obj else ()

    def get_fields(self, request, obj=None):
        """Return what a new key needs, or what there is to see of an old one."""
        return self.list_display if obj else self.fields

    def save_model(self, request, obj, form, change) -> None:
        """Make the key and show it this once."""
        given = form.cleaned_data
        token, key = create_channel_token(
            given["channel"].pk, note=given["note"], by=Actor.staff(request.user), now=timezone.now()
        )
        obj.__dict__.update(token.__dict__)
        text = _("The key of %(channel)s, shown this once: %(key)s — and the secret it signs with: %(secret)s")
        messages.warning(request, text % {"channel": token.channel, "key": key, "secret": token.secret})

    @admin.action(description=gettext_lazy("Revoke the chosen keys"))
    def revoke(self, request, queryset):
        """End keys at once."""
        for token in queryset:
            try:
                revoke_channel_token(token.pk, by=Actor.staff(request.user), now=timezone.now())
                messages.success(request, _("%(key)s is revoked.") % {"key": token})
            except Refused as refusal:
                messages.error(request, f"{token}: {refusal}")

"""Channels are data: where requests come from, and the keys outside systems come in with."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from intake.choices import ChannelRight, RequestType, Urgency
from shenzhen_gov.core.crypto import EncryptedTextField


def all_case_rights() -> list[str]:
    """Return the rights a new channel begins with: all that concern its own cases."""
    return [right.value for right in ChannelRight if right not in (ChannelRight.CALLS, ChannelRight.LEADS)]


@pghistory.track(append_only=True)
class Channel(models.Model):
    """One way in. `origin` is the two letters after SZ in the numbers of its cases."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    origin = models.CharField(_("Origin letters"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    default_urgency = models.CharField(_("Default urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    default_type = models.CharField(
        _("Default kind of request"), max_length=12, choices=RequestType, default=RequestType.HELP
    )
    rights = models.JSONField(_("Rights"), default=all_case_rights, help_text=_("What its keys may do."))
    quota = models.PositiveIntegerField(
        _("Calls a minute"), null=True, blank=True, help_text=_("Empty: the parameter for all channels.")
    )
    needs_signature = models.BooleanField(_("Calls must be signed"), default=False)
    callback_url = models.URLField(_("Call-back address"), max_length=300, blank=True)
    is_listed = models.BooleanField(_("Cases are listed publicly (Open311)"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class ChannelToken(models.Model):
    """A key of a channel. Only its SHA-256 is stored; the key itself is shown once."""

    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name=_("Channel"), related_name="tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("Begins with"), max_length=8, editable=False)
    # signs calls and call-backs; a digest cannot, so it is kept encrypted
    secret = EncryptedTextField(editable=False, blank=True)
    note = models.CharField(_("Note"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("Created"))
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("channel key")
        verbose_name_plural = _("channel keys")

    def __str__(self) -> str:
        return f"{self.channel} {self.prefix}…"


class IdempotencyKey(models.Model):
    """An outside command that was accepted: the same key again answers with the same case."""

    owner = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    case = models.ForeignKey("intake.Case", models.CASCADE, null=True, db_index=False)
    answer = models.JSONField(null=True)  # of commands that make no case: what was answered
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"


class ChannelUsage(models.Model):
    """How many calls of a channel were let in during the newest minute: what all server processes share."""

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="usage")
    minute = models.BigIntegerField()  # since 1970
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.channel} {self.minute}: {self.used}"

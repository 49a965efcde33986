"""What an agent's desk keeps on the server: calls, drafts, who has a case open, standard texts."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.choices import CallState, StandardTextKind
from shenzhen_gov.core.crypto import EncryptedTextField

from .cases import Case
from .channels import Channel


class Seat(models.Model):
    """The telephone extension an agent sits at; call events name it."""

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("Agent"))
    extension = models.CharField(_("Extension"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")

    def __str__(self) -> str:
        return f"{self.extension} {self.staff}"


class Call(models.Model):
    """A telephone call, as the telephone system told it. The same event again changes nothing."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="calls", db_index=False)
    external_id = models.CharField(_("Outside number"), max_length=80)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="calls", db_index=False
    )
    extension = models.CharField(_("Extension"), max_length=20, blank=True)
    phone = EncryptedTextField(_("Phone"), blank=True)
    phone_index = models.CharField(max_length=40, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=CallState)
    rang_at = models.DateTimeField(_("Rang"))
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    recording = models.CharField(_("Recording"), max_length=200, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="calls", db_index=False)
    received_at = models.DateTimeField()

    BLIND_INDEXES = {"phone_index": "phone"}

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="call_once")]
        indexes = [
            models.Index(fields=["agent", "-id"], name="call_by_agent"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="call_by_case"),
            BrinIndex(fields=["rang_at"], name="call_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.external_id


class CaseDraft(models.Model):
    """What an agent typed and did not send yet. `key` is the idempotency key the case will be registered with."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_drafts")
    key = models.CharField(max_length=40, unique=True)
    call = models.OneToOneField(Call, models.PROTECT, null=True, blank=True, related_name="draft")
    label = models.CharField(max_length=60, blank=True)  # how the tab is called; masked
    fields = EncryptedTextField(blank=True)  # JSON of the form: it holds names and phone numbers
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField(_("Saved"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label or self.key


class CasePresence(models.Model):
    """Somebody has a case open; a row that was not renewed for a while counts no more."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="present")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="case_presence_once")]

    def __str__(self) -> str:
        return f"{self.staff} {self.case}"


class StandardText(models.Model):
    """A text agents use again and again, called up by its short cut."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    kind = models.CharField(_("Used for"), max_length=10, choices=StandardTextKind)
    title = models.CharField(_("Title"), max_length=60)
    text = models.TextField(_("Text"))
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("standard text")
        verbose_name_plural = _("standard texts")
        ordering = ["kind", "order", "code"]

    def __str__(self) -> str:
        return self.title

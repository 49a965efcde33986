"""Messages to units, members of staff and outsiders: what they say is data, each one is a row until it arrived."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grid.choices import Act, MessageState, MessageWay
from shenzhen_gov.core.crypto import EncryptedTextField

from .units import Unit


@pghistory.track(append_only=True)
class MessageTemplate(models.Model):
    """What a message says and by which ways it goes. `facts` are the names that may stand in {braces} in its texts."""

    key = models.SlugField(_("Key"), max_length=40, unique=True)
    ways = ArrayField(
        models.CharField(max_length=6, choices=MessageWay), verbose_name=_("Ways"), default=list, blank=True
    )
    title = models.CharField(_("Title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=120)
    text = models.CharField(_("Text"), max_length=300)
    text_en = models.CharField(_("English text"), max_length=500)
    facts = ArrayField(models.CharField(max_length=20), verbose_name=_("Facts"), default=list, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """One message by one way. The texts are as they were sent: a template changed later rewrites nothing.

    In the portal it is there as soon as it is written; by SMS and mail it waits until a gateway took it. A message to a
    unit is for whoever holds `act` at that very unit.
    """

    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(_("Way"), max_length=6, choices=MessageWay)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("Unit"), related_name="+", db_index=False)
    act = models.CharField(_("For whoever may"), max_length=30, choices=Act, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, verbose_name=_("Person"), related_name="+", db_index=False
    )
    address = EncryptedTextField(_("Number or address"), blank=True)
    title = models.CharField(_("Title"), max_length=160)
    title_en = models.CharField(_("English title"), max_length=240)
    text = models.TextField(_("Text"))
    text_en = models.TextField(_("English text"))
    link = models.CharField(_("Page"), max_length=200, blank=True)
    about = models.CharField(_("About"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("Created"))
    state = models.CharField(_("State"), max_length=8, choices=MessageState, default=MessageState.WAITING)
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0)
    next_try_at = models.DateTimeField(_("Next try"), null=True)
    problem = models.CharField(_("Problem"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("Sent"), null=True)

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(user__isnull=False) | ~Q(way=MessageWay.PORTAL),
                name="message_in_the_portal_has_a_reader",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "act", "-id"], condition=Q(way="portal", user=None), name="message_of_unit"),
            models.Index(fields=["user", "-id"], condition=Q(way="portal"), name="message_of_user"),
            models.Index(fields=["next_try_at", "id"], condition=Q(state="waiting"), name="message_due"),
            models.Index(fields=["-id"], condition=Q(state="stuck"), name="message_stuck"),
            models.Index(fields=["about"], name="message_about"),
            models.Index(fields=["created_at"], name="message_old"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """Return the title in the language of the page."""
        return self.title if _is_chinese() else self.title_en

    @property
    def shown_text(self) -> str:
        """Return the text in the language of the page."""
        return self.text if _is_chinese() else self.text_en


class MessageMark(models.Model):
    """Up to which message somebody has looked."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="message_mark")
    seen_id = models.BigIntegerField(_("Seen up to"), default=0)

    class Meta:
        verbose_name = _("mark of messages seen")
        verbose_name_plural = _("marks of messages seen")

    def __str__(self) -> str:
        return f"{self.user} {self.seen_id}"


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")

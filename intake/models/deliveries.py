"""Call-backs to channels: rows with tries, so that none is lost and those that are stuck can be seen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.choices import DeliveryState

from .cases import Case
from .channels import Channel


class Delivery(models.Model):
    """One message a channel is owed, written in the transaction that made it true. Delivered at least once."""

    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name=_("Channel"), related_name="deliveries")
    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Case"), related_name="deliveries", db_index=False)
    event = models.CharField(_("Event"), max_length=40)
    payload = models.JSONField(_("Content"))
    state = models.CharField(_("State"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0)
    next_try_at = models.DateTimeField(_("Next try"))
    last_error = models.CharField(_("Last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("Created"))
    delivered_at = models.DateTimeField(_("Delivered"), null=True, blank=True)

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["channel", "next_try_at", "id"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["delivered_at"], condition=Q(state="delivered"), name="delivery_delivered"),
            models.Index(fields=["-id"], condition=Q(state="stuck"), name="delivery_stuck"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.event} {self.case}"

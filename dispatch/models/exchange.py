"""District exchange: other platforms, the cases shared with them, and every message either way.

Messages are rows written in the transaction of the move they tell, so that none is lost and none tells what did not
happen; what is not delivered yet is found by its state.
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import ExchangeDirection, ExchangeRole, ExchangeState
from grid.models import Unit
from grid.querysets import ScopedQuerySet
from intake.models import Case, Channel
from shenzhen_gov.core.crypto import EncryptedTextField

from .requests import CaseRequest
from .work_orders import WorkOrder

CODE = RegexValidator(r"^[a-z0-9][a-z0-9_-]*$", _("Small letters, digits, - and _ only."))


class Peer(models.Model):
    """Another platform, bound to the unit whose work orders it works on in its own system.

    It acts here as `account`, which holds a role at that unit: what it may do and where is decided like for anybody.
    """

    code = models.CharField(_("Code"), max_length=40, unique=True, validators=[CODE])
    name = models.CharField(_("Name"), max_length=60)
    unit = models.OneToOneField(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="peer")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("Acts here as"), related_name="+", editable=False
    )
    channel = models.OneToOneField(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Channel of the cases it reports"),
        related_name="peer",
        help_text=_("Empty: it reports none."),
    )
    url = models.URLField(_("Address of its exchange"), max_length=300)
    our_code = models.CharField(_("Our code at the peer"), max_length=40, validators=[CODE])
    secret = EncryptedTextField(editable=False, blank=True)
    identity_purpose = models.CharField(
        _("Purpose for which callers are named"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the peer never learns who asked. Secret cases and callers never go over."),
    )
    is_active = models.BooleanField(_("In use"), default=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("platform of the exchange")
        verbose_name_plural = _("platforms of the exchange")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ExchangeCase(models.Model):
    """One case handed over: a conversation. As owner each work order is one of its own."""

    peer = models.ForeignKey(Peer, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="exchange_cases")
    work_order = models.OneToOneField(WorkOrder, models.PROTECT, null=True, blank=True, related_name="exchange_case")
    role = models.CharField(_("We are"), max_length=8, choices=ExchangeRole)
    number = models.CharField(_("Our number"), max_length=40)
    peer_number = models.CharField(_("Number at the peer"), max_length=40, blank=True)
    sent_seq = models.PositiveIntegerField(default=0)
    received_seq = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(_("Opened"))

    class Meta:
        verbose_name = _("case of the exchange")
        verbose_name_plural = _("cases of the exchange")
        constraints = [
            models.UniqueConstraint(fields=["peer", "number"], name="exchange_case_number_once"),
            models.UniqueConstraint(
                fields=["peer", "peer_number"], condition=Q(role="handler"), name="exchange_case_reported_once"
            ),
            models.CheckConstraint(
                condition=Q(role="owner", work_order__isnull=False) | Q(role="handler", work_order__isnull=True),
                name="exchange_case_owner_has_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.peer} {self.number}"

    @property
    def order(self) -> WorkOrder:
        """Return the work order that was handed over; only an owner has one (a constraint says so)."""
        if self.work_order is None:
            raise ValueError(f"{self.number} was not handed over by us")
        return self.work_order


class ExchangeMessage(models.Model):
    """One message, sent or received. Who asked is never in `body`: it is added while the message is sent."""

    peer = models.ForeignKey(Peer, models.PROTECT, related_name="messages", db_index=False)
    exchange_case = models.ForeignKey(ExchangeCase, models.PROTECT, related_name="messages", db_index=False)
    direction = models.CharField(_("Direction"), max_length=3, choices=ExchangeDirection)
    message_id = models.UUIDField(_("Message id"))
    seq = models.PositiveIntegerField(_("Number in the conversation"))
    kind = models.CharField(_("Kind"), max_length=12)
    at = models.DateTimeField(_("Time"))
    body = models.JSONField(_("Content"))
    request = models.OneToOneField(CaseRequest, models.PROTECT, null=True, blank=True, related_name="exchange_message")
    state = models.CharField(_("State"), max_length=10, choices=ExchangeState)
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0)
    next_try_at = models.DateTimeField(_("Next try"), null=True)
    problem = models.CharField(_("Problem"), max_length=300, blank=True)
    answer = models.JSONField(_("Answer"), null=True)
    created_at = models.DateTimeField(_("Created"))
    ended_at = models.DateTimeField(_("Ended"), null=True)

    class Meta:
        verbose_name = _("message of the exchange")
        verbose_name_plural = _("messages of the exchange")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["peer", "direction", "message_id"], name="exchange_message_once"),
            models.UniqueConstraint(fields=["exchange_case", "direction", "seq"], name="exchange_message_in_order"),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="waiting"), name="exchange_message_due"),
            models.Index(
                fields=["-id"],
                condition=Q(state__in=["waiting", "stuck", "refused"], direction="out"),
                name="exchange_message_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exchange_case} {self.kind} {self.seq}"

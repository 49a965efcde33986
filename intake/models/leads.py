"""Leads 未诉先办: something found before anybody complained."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dutylist.models import Item
from grid.models import Area, Unit
from grid.querysets import ScopedQuerySet
from intake.choices import LeadKind, Urgency
from intake.workflow import LEAD_FOUND, LEAD_STATES

from .cases import Case
from .channels import Channel


class Lead(models.Model):
    """线索发现 → 内容核实 → 立案 → 跟踪. What devices report again and again at one place is one lead."""

    number = models.CharField(_("Number"), max_length=24, unique=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=LeadKind)
    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name=_("Channel"), related_name="leads")
    external_id = models.CharField(_("Outside number"), max_length=80, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=LEAD_STATES, default=LEAD_FOUND)
    title = models.CharField(_("Title"), max_length=120)
    content = models.TextField(_("Content"))
    link = models.URLField(_("Link"), max_length=500, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("Area"), related_name="leads")
    address = models.CharField(_("Address"), max_length=300, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, verbose_name=_("Duty item"), related_name="leads", db_index=False
    )
    urgency = models.CharField(_("Urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    holder = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Accountable unit"), related_name="leads")
    times_seen = models.PositiveIntegerField(_("Times reported"), default=1)
    found_at = models.DateTimeField(_("Found"))
    last_seen_at = models.DateTimeField(_("Last reported"))
    found_by = models.CharField(_("Found by"), max_length=120)
    finding = models.CharField(_("What verification found"), max_length=500, blank=True)
    verified_at = models.DateTimeField(_("Verified"), null=True, blank=True)
    verified_by = models.CharField(_("Verified by"), max_length=120, blank=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="lead")
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "holder"}

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], condition=~Q(external_id=""), name="lead_external_id_once"
            )
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="lead_by_state"),
            # The same matter near a place: what a report is compared with, however many leads there were.
            models.Index(
                fields=["kind", "latitude", "longitude"],
                condition=~Q(state="done") & Q(latitude__isnull=False),
                name="lead_by_place",
            ),
        ]

    def __str__(self) -> str:
        return self.number

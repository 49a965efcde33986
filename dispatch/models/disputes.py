"""争议案卷: which unit is responsible for a case that was given back again and again, argued and ruled on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import DocketOrigin, RulingPrinciple
from dispatch.querysets import DocketQuerySet
from dispatch.workflow import DOCKET_OPEN, DOCKET_OPEN_STATES, DOCKET_RULED, DOCKET_STATES
from dutylist.models import Batch, Item, ItemVersion
from grid.models import Area, Unit
from intake.models import Attachment, Case

from .requests import CaseRequest

IS_OPEN = Q(state__in=DOCKET_OPEN_STATES)
IS_RULED = Q(state=DOCKET_RULED)


class Docket(models.Model):
    """案卷: a dispute about one case in one round; `interim_unit` works on it meanwhile (先办后议).

    `item` is the entry of the list that the ruling rests on; `batch` holds the draft that changes the list by it, and
    `list_note` says why there is none. A ruling is a precedent for cases of the same item and units.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="dockets", db_index=False)
    round = models.PositiveSmallIntegerField(_("Round"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, verbose_name=_("Area"), related_name="+", db_index=False)
    state = models.CharField(_("State"), max_length=10, choices=DOCKET_STATES, default=DOCKET_OPEN)
    origin = models.CharField(_("Opened because"), max_length=12, choices=DocketOrigin)
    reason = models.TextField(_("What is disputed"))
    interim_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, verbose_name=_("Handles it meanwhile"), related_name="+", db_index=False
    )
    opened_at = models.DateTimeField(_("Opened"))
    opened_by = models.CharField(_("Opened by"), max_length=120)
    argue_until = models.DateTimeField(_("Arguments until"))
    due_at = models.DateTimeField(_("To be ruled by"))
    is_conference = models.BooleanField(_("Hard-case conference"), default=False)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, verbose_name=_("Duty item"), related_name="+", db_index=False
    )
    ruled_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, verbose_name=_("Responsible"), related_name="+", db_index=False
    )
    fallback_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, verbose_name=_("Fallback unit"), related_name="+", db_index=False
    )
    principle = models.CharField(_("Principle"), max_length=10, choices=RulingPrinciple, blank=True)
    text = models.TextField(_("Ruling"), blank=True)
    decided_at = models.DateTimeField(_("Decided"), null=True)
    decided_by = models.CharField(_("Decided by"), max_length=120, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, verbose_name=_("Draft for the list"), related_name="+", db_index=False
    )
    list_note = models.CharField(_("Why the list stays"), max_length=300, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = DocketQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "interim_unit"}

    class Meta:
        verbose_name = _("docket")
        verbose_name_plural = _("dockets")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=IS_OPEN, name="docket_one_open"),
            models.CheckConstraint(
                condition=~IS_RULED | Q(ruled_unit__isnull=False, decided_at__isnull=False), name="docket_ruled_names"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="docket_by_case"),
            models.Index(fields=["due_at", "id"], include=["state"], condition=IS_OPEN, name="docket_queue"),
            models.Index(fields=["area", "due_at", "id"], condition=IS_OPEN, name="docket_queue_of_area"),
            models.Index(
                F("decided_at").desc(nulls_last=True), F("id").desc(), condition=~IS_OPEN, name="docket_decided"
            ),
            models.Index("item", F("decided_at").desc(), condition=IS_RULED, name="docket_ruled_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to rule."""
        return self.state in DOCKET_OPEN_STATES


class DocketParty(models.Model):
    """One side: a unit that gave the case back, was named instead, or handles it meanwhile; and what it says.

    `request` is its last return, with the reason it gave then.
    """

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="parties", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="+", db_index=False)
    request = models.ForeignKey(CaseRequest, models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.TextField(_("Argument"), blank=True)
    files = models.ManyToManyField(Attachment, verbose_name=_("Evidence"), related_name="+", blank=True)
    argued_at = models.DateTimeField(_("Argued"), null=True)
    argued_by = models.CharField(_("Argued by"), max_length=120, blank=True)

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("party of a docket")
        verbose_name_plural = _("parties of dockets")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["docket", "unit"], name="docket_party_once")]
        indexes = [models.Index(fields=["unit", "docket"], name="docket_party_of_unit")]

    def __str__(self) -> str:
        return f"{self.docket} · {self.unit}"


class DocketCitation(models.Model):
    """An entry of the duty list that a party cites, as it was in force then, with the sentence of its scope."""

    party = models.ForeignKey(DocketParty, models.CASCADE, related_name="citations")
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+", db_index=False)
    quote = models.CharField(_("Sentence"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("cited entry")
        verbose_name_plural = _("cited entries")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["party", "version"], name="docket_citation_once")]

    def __str__(self) -> str:
        return f"{self.version}"

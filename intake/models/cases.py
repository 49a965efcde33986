"""The case: one request, one number, followed to the end."""

from django.db import models
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from dutylist.models import Item, ItemVersion
from grid.choices import BUILDING_DIGITS
from grid.models import Area, Unit
from intake.choices import PlaceSource, ReplyWay, RequestType, Urgency
from intake.querysets import CaseQuerySet
from intake.workflow import DRAFT, STATES

from .channels import Channel
from .citizens import Citizen


class Case(models.Model):
    """A request. `holder` is the unit accountable for it at this moment; it knows nothing of work orders."""

    number = models.CharField(_("Number"), max_length=24)
    # null, not empty, where there is none: a channel may have many cases without an outside number
    external_id = models.CharField(_("Outside number"), max_length=60, null=True, blank=True)  # noqa: DJ001
    state = models.CharField(_("State"), max_length=20, choices=STATES, default=DRAFT)
    # No index of its own where a composite one below begins with the same column: every index costs each new case.
    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name=_("Channel"), db_index=False)
    request_type = models.CharField(_("Kind of request"), max_length=12, choices=RequestType)
    title = models.CharField(_("Title"), max_length=120)
    content = models.TextField(_("Content"))
    wish = models.CharField(_("What the citizen wants"), max_length=300, blank=True)
    reply_way = models.CharField(_("Reply by"), max_length=12, choices=ReplyWay, default=ReplyWay.PHONE)
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False)

    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Area"), related_name="cases", db_index=False
    )
    address = models.CharField(_("Address"), max_length=300, blank=True)
    house_code = models.CharField(_("House code"), max_length=25, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    place_source = models.CharField(
        _("Place found by"), max_length=12, choices=PlaceSource, default=PlaceSource.UNKNOWN
    )

    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, verbose_name=_("Duty item"), related_name="+", db_index=False
    )
    item_version = models.ForeignKey(
        ItemVersion, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    urgency = models.CharField(_("Urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    is_secret = models.BooleanField(_("Secret"), default=False)
    is_sensitive = models.BooleanField(_("Sensitive"), default=False)
    is_repeat = models.BooleanField(_("Same person again"), default=False)
    needs_callback = models.BooleanField(_("Needs a call-back"), default=False)
    may_publish = models.BooleanField(_("May be published"), default=False)

    holder = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Accountable unit"),
        related_name="held_cases",
        db_index=False,
    )
    round = models.PositiveSmallIntegerField(_("Round"), default=1)
    registered_at = models.DateTimeField(_("Registered"))
    registered_by = models.CharField(_("Registered by"), max_length=120)
    accepted_at = models.DateTimeField(_("Accepted"), null=True, blank=True)
    closed_at = models.DateTimeField(_("Closed"), null=True, blank=True)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    # Among the cases awaiting dispatch: the machine had its turn and could not; a dispatcher decides.
    awaits_person = models.BooleanField(_("Needs a dispatcher"), default=False)
    refusal_reason = models.CharField(_("Reason for refusing"), max_length=300, blank=True)
    legacy = models.JSONField(_("Imported data"), null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = CaseQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "holder"}

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            # not unique=True on the field: Django would add a second index for LIKE, which no search uses
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=models.Q(external_id__isnull=False),  # what agents take down has none
                name="case_external_id_once_per_channel",
            ),
            models.CheckConstraint(condition=models.Q(round__gte=1), name="case_round_from_one"),
        ]
        indexes = [
            # What nobody has accepted yet: only the few that wait.
            models.Index(
                fields=["registered_at", "id"], name="case_registered", condition=models.Q(state="registered")
            ),
            # The queue of the dispatcher, person or machine: only the few that wait.
            models.Index(
                fields=["accepted_at", "id"],
                name="case_awaiting_dispatch",
                condition=models.Q(state="awaiting_dispatch", awaits_person=False),
            ),
            models.Index(
                fields=["accepted_at", "id"],
                name="case_awaiting_person",
                condition=models.Q(state="awaiting_dispatch", awaits_person=True),
            ),
            # Ended, and still to be archived.
            models.Index(
                fields=["closed_at", "id"],
                name="case_to_archive",
                condition=models.Q(state__in=("closed", "answered", "not_accepted")),
            ),
            # Closed lately, for the figures of areas; what is open is not in it, so no new case pays for it.
            models.Index(
                fields=["closed_at"],
                name="case_by_closing",
                include=["area", "due_at", "state"],
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(fields=["citizen", "-id"], name="case_by_citizen"),
            models.Index(fields=["area", "-id"], name="case_by_area"),
            models.Index(fields=["holder", "-id"], name="case_by_holder"),
            # At one building; a case without a house code is not in it.
            models.Index(
                Left("house_code", BUILDING_DIGITS),
                models.F("id").desc(),
                name="case_by_building",
                condition=~models.Q(house_code=""),
            ),
            models.Index(fields=["item", "area", "-id"], name="case_by_item"),
            models.Index(fields=["channel", "-registered_at", "-id"], name="case_by_channel"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_confidential(self) -> bool:
        """Whether who called is hidden from the units: a secret case, or a caller who wants it so."""
        return self.is_secret or (self.citizen is not None and self.citizen.wants_secrecy)

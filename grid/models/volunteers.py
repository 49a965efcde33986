"""双报到: who reported at a community, the days they came, and the tasks that communities post for them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.choices import Audience, ReporterKind
from grid.querysets import ScopedQuerySet
from shenzhen_gov.core.crypto import EncryptedTextField

from .areas import Area
from .party_kinds import PartyKind
from .staff import Staff


class Reporter(models.Model):
    """An organisation, a member or a volunteer who reported at a community. Names of people are encrypted."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="reporters")
    kind = models.CharField(_("Kind"), max_length=12, choices=ReporterKind)
    organisation = models.CharField(_("Organisation"), max_length=120, blank=True)
    name = EncryptedTextField(_("Name"), blank=True)
    # Who claims tasks in the portal by themselves; the account needs no role, and none gives sight of anything.
    staff = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, verbose_name=_("Account"), related_name="reports"
    )
    reported_on = models.DateField(_("Reported on"))
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("who reported")
        verbose_name_plural = _("who reported")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(organisation="") | Q(kind=ReporterKind.VOLUNTEER), name="reporter_has_organisation"
            ),
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(is_active=True),
                name="reporter_once_an_account",
                violation_error_message=_("This account has reported at a community already."),
            ),
        ]

    def __str__(self) -> str:
        if self.kind == ReporterKind.ORGANISATION:
            return self.organisation
        # Two of one family name in one organisation are told apart by the number.
        return " · ".join(filter(None, [f"{self.name[:1]}** #{self.pk}", self.organisation]))


class ServiceDay(models.Model):
    """A day somebody who reported was there, and for how many hours."""

    reporter = models.ForeignKey(Reporter, models.CASCADE, verbose_name=_("Who"), related_name="service_days")
    day = models.DateField(_("Day"))
    hours = models.DecimalField(_("Hours"), max_digits=4, decimal_places=1)
    people = models.PositiveSmallIntegerField(_("People"), default=1)
    note = models.CharField(_("What was done"), max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "reporter__area"}

    class Meta:
        verbose_name = _("service day")
        verbose_name_plural = _("service days")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "day"], name="service_day_once"),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24, people__gte=1), name="service_day_has_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reporter} {self.day}"


class CommunityTask(models.Model):
    """A task that so many people may take on. `claimed` is kept by the services, so that it is never over-claimed."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="community_tasks")
    kind = models.ForeignKey(
        PartyKind, models.PROTECT, null=True, blank=True, verbose_name=_("Kind"), related_name="tasks"
    )
    title = models.CharField(_("Title"), max_length=120)
    details = models.TextField(_("What is to be done"), max_length=1000, blank=True)
    audience = models.CharField(_("For whom"), max_length=12, choices=Audience, default=Audience.EVERYBODY)
    place = models.CharField(_("Place"), max_length=200)
    starts_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"))
    wanted = models.PositiveSmallIntegerField(_("People wanted"))
    claimed = models.PositiveSmallIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("community task")
        verbose_name_plural = _("community tasks")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="task_ends_after_begin",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=1, claimed__lte=F("wanted")),
                name="task_is_not_over_claimed",
                violation_error_message=_("More people than that have claimed it, or none are wanted."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TaskClaim(models.Model):
    """Somebody took a task on; withdrawn, or marked present or absent afterwards."""

    task = models.ForeignKey(CommunityTask, models.CASCADE, verbose_name=_("Task"), related_name="claims")
    reporter = models.ForeignKey(Reporter, models.PROTECT, verbose_name=_("Who"), related_name="claims")
    people = models.PositiveSmallIntegerField(_("People"), default=1)  # an organisation may send several
    claimed_at = models.DateTimeField(_("Claimed"))
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True, blank=True)
    was_present = models.BooleanField(_("Was present"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "task__area"}

    class Meta:
        verbose_name = _("claim of a task")
        verbose_name_plural = _("claims of tasks")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "reporter"], condition=Q(withdrawn_at=None), name="task_claim_once")
        ]

    def __str__(self) -> str:
        return f"{self.task} · {self.reporter}"

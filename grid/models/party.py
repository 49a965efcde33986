"""Party and partners: service sites, liaison, meetings and visits, estates, advisers (domain §7)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.choices import AdviserKind, EstateKind, GatheringKind, LiaisonKind, SiteTier
from grid.querysets import ScopedQuerySet
from grid.workflow import ITEM_OPEN, ITEM_STATES

from .areas import Area
from .party_kinds import PartyKind
from .places import Building
from .units import Unit


def in_order(name: str) -> models.CheckConstraint:
    """Return the constraint that what has `begins_on` and `ends_on` does not end before it begins."""
    return models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")), name=name)


class ServiceSite(models.Model):
    """党群服务中心: where people are received. `hours`: ISO weekday or "holiday" → spans ["09:00", "12:00"]."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="service_sites")
    tier = models.CharField(_("Tier"), max_length=10, choices=SiteTier, default=SiteTier.LOCAL)
    kind = models.ForeignKey(
        PartyKind, models.PROTECT, null=True, blank=True, verbose_name=_("Kind"), related_name="sites"
    )
    name = models.CharField(_("Name"), max_length=120)
    address = models.CharField(_("Address"), max_length=300)
    phone = models.CharField(_("Phone"), max_length=30, blank=True)  # of the desk, not of a person
    services = models.CharField(_("Services"), max_length=500, blank=True)
    hours = models.JSONField(_("Opening hours"), default=dict, blank=True)
    has_counter = models.BooleanField(_("Requests are taken at the counter"), default=True)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("service site")
        verbose_name_plural = _("service sites")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(is_active=True, tier__in=[SiteTier.CITY, SiteTier.DISTRICT]),
                name="site_one_of_city_and_district",
                violation_error_message=_("The city and each district have one site of their own, and it is there."),
            ),
            models.UniqueConstraint(
                fields=["area", "name"], name="site_name_once", violation_error_message=_("This site is there already.")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Liaison(models.Model):
    """挂点联系: a unit looks after an area for a time. City unit–subdistrict 1:1, district unit–community 1:n."""

    kind = models.CharField(_("Kind"), max_length=12, choices=LiaisonKind)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="liaisons")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="liaisons")
    begins_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "unit"}

    class Meta:
        verbose_name = _("liaison")
        verbose_name_plural = _("liaisons")
        ordering = ["-id"]
        constraints = [
            in_order("liaison_ends_after_begin"),
            models.UniqueConstraint(fields=["area"], condition=Q(ends_on=None), name="liaison_one_unit_an_area"),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(ends_on=None, kind=LiaisonKind.SUBDISTRICT),
                name="liaison_one_subdistrict_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.area}"


class Gathering(models.Model):
    """书记茶话会, or a visit by the unit of a liaison: when, where, how many came. Nobody is named."""

    kind = models.CharField(_("Kind"), max_length=10, choices=GatheringKind, default=GatheringKind.TEA)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="gatherings")
    liaison = models.ForeignKey(
        Liaison, models.PROTECT, null=True, blank=True, verbose_name=_("Liaison"), related_name="visits"
    )
    title = models.CharField(_("Title"), max_length=120)
    held_on = models.DateField(_("Day"))
    place = models.CharField(_("Place"), max_length=200)
    residents = models.PositiveSmallIntegerField(_("Residents"), default=0)
    members = models.PositiveSmallIntegerField(_("Party members"), default=0)
    officials = models.PositiveSmallIntegerField(_("Officials"), default=0)
    note = models.TextField(_("Summary"), max_length=2000, blank=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("meeting or visit")
        verbose_name_plural = _("meetings and visits")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=GatheringKind.TEA, liaison=None) | Q(kind=GatheringKind.VISIT),
                name="gathering_tea_has_no_liaison",
            )
        ]

    def __str__(self) -> str:
        return self.title


class GatheringItem(models.Model):
    """What somebody brought up: answered on the spot, escalated 提级, or made a case or lead (a layer above knows)."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, verbose_name=_("Meeting or visit"), related_name="items")
    content = models.TextField(_("What was brought up"), max_length=2000)
    place = models.CharField(_("Place"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=ITEM_STATES, default=ITEM_OPEN)
    answer = models.CharField(_("Answer"), max_length=1000, blank=True)
    escalated_to = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Escalated to"), related_name="escalated_items"
    )
    settled_at = models.DateTimeField(_("Settled"), null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "gathering__area"}

    class Meta:
        verbose_name = _("item of a meeting or visit")
        verbose_name_plural = _("items of meetings and visits")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.content[:40]


class Estate(models.Model):
    """A housing estate 小区 and the body that looks after it for a time: work in it can be handed to that unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Handling party"), related_name="estates")
    kind = models.CharField(_("Kind"), max_length=12, choices=EstateKind, default=EstateKind.PROPERTY)
    name = models.CharField(_("Estate"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="estates")
    buildings = models.ManyToManyField(Building, verbose_name=_("Buildings"), related_name="estates", blank=True)
    begins_on = models.DateField(_("Contract from"))
    ends_on = models.DateField(_("Contract until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "unit"}

    class Meta:
        verbose_name = _("estate")
        verbose_name_plural = _("estates")
        ordering = ["-id"]
        constraints = [
            in_order("estate_ends_after_begin"),
            models.UniqueConstraint(
                fields=["area", "name", "kind", "begins_on"],
                name="estate_once",
                violation_error_message=_("This estate is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Adviser(models.Model):
    """法治前哨: a lawyer or mediator on duty for an area on some weekdays (ISO digits, e.g. "25")."""

    kind = models.CharField(_("Kind"), max_length=10, choices=AdviserKind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="advisers")
    name = models.CharField(_("Name"), max_length=40)  # published on the roster, as a practice does
    body = models.CharField(_("Practice or committee"), max_length=120, blank=True)
    weekdays = models.CharField(_("On duty"), max_length=7)
    duty = models.CharField(_("Hours and place"), max_length=120, blank=True)
    begins_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("adviser")
        verbose_name_plural = _("advisers")
        ordering = ["-id"]
        constraints = [
            in_order("adviser_ends_after_begin"),
            models.UniqueConstraint(
                fields=["area", "name", "begins_on"],
                name="adviser_once",
                violation_error_message=_("This adviser is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

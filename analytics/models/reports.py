"""日报, 周报, 月报: reports as they were made, and who wants which of them."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.choices import ReportKind
from analytics.querysets import ReportQuerySet, SubscriptionQuerySet
from grid.models import Area, Unit


class Report(models.Model):
    """One report about an area, or about a unit and those below it (`area` is then where the unit is at home).

    `content` is what it says, in each language (analytics/reporting/document.py): made once, so it reprints as it was.
    Made anew it becomes a further edition beside the others.
    """

    kind = models.CharField(_("Kind"), max_length=10, choices=ReportKind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Unit"), related_name="+")
    first = models.DateField(_("First day"))
    last = models.DateField(_("Last day"))
    edition = models.PositiveSmallIntegerField(_("Edition"), default=1)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(pgettext_lazy("report", "Made"))
    made_by = models.CharField(pgettext_lazy("report", "Made by"), max_length=120)

    objects = ReportQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "unit"}

    class Meta:
        verbose_name = _("report of figures")
        verbose_name_plural = _("reports of figures")
        ordering = ["-last", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area", "unit", "first", "edition"], nulls_distinct=False, name="report_edition_once"
            )
        ]
        indexes = [models.Index(fields=["-last", "-id"], name="report_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit or self.area} {self.first}"


class ReportSubscription(models.Model):
    """Who is told when a report is made: in the portal, and by mail where that is wanted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(_("Kind"), max_length=10, choices=ReportKind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Unit"), related_name="+")
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES)
    by_mail = models.BooleanField(_("By mail too"), default=False)
    created_at = models.DateTimeField(_("Subscribed"))

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription of a report")
        verbose_name_plural = _("subscriptions of reports")
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area", "unit", "user"], nulls_distinct=False, name="report_subscribed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit or self.area}"

"""What the pages for citizens need: QR points, themes of the enterprise zone, links to rate with, screening."""

import pghistory
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grid.models import Area
from grid.querysets import ScopedQuerySet

from .cases import Case


class ReportPoint(models.Model):
    """A QR code at a building: whoever scans it reports with the place filled in."""

    code = models.CharField(_("Code"), max_length=16, unique=True)  # random, stands in the address of the page
    name = models.CharField(_("Name"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="report_points")
    address = models.CharField(_("Address"), max_length=300)
    house_code = models.CharField(_("House code"), max_length=25, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    created_at = models.DateTimeField(_("Created"))

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("QR point")
        verbose_name_plural = _("QR points")
        ordering = ["area", "name"]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A theme of the enterprise zone 企业专区: the items it leads to, so that no one has to know the list."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    intro = models.CharField(_("Introduction"), max_length=200, blank=True)
    intro_en = models.CharField(_("English introduction"), max_length=200, blank=True)
    items = models.ManyToManyField("dutylist.Item", verbose_name=_("Duty items"), related_name="+", blank=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en

    @property
    def intro_text(self) -> str:
        """Return the introduction in the language of the page."""
        return self.intro if (get_language() or "").startswith("zh") else self.intro_en


class RatingLink(models.Model):
    """A link to rate one round of a case with, good for one rating. Only the SHA-256 of its secret is stored."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="rating_links")
    round = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rating link")
        verbose_name_plural = _("rating links")

    def __str__(self) -> str:
        return f"{self.case} {self.round}"


@pghistory.track(append_only=True)
class ScreeningWord(models.Model):
    """A word that puts a citizen's own request before a person, instead of being dispatched by the machine."""

    word = models.CharField(_("Word"), max_length=40, unique=True)
    reason = models.CharField(_("Reason"), max_length=60)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("screening word")
        verbose_name_plural = _("screening words")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class Tally(models.Model):
    """How often something was done in the running window, e.g. reports from one address; all processes share it.

    `digest` is of the purpose and the address or number, which cannot be read back from it.
    """

    digest = models.CharField(max_length=40, primary_key=True)
    window = models.DateTimeField(db_index=True)  # when it began
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.digest[:8]}… {self.count}"

"""What suggestions learn from: names of places, and which item a case turned out to be."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from dutylist.models import Item
from grid.models import Area
from grid.querysets import ScopedQuerySet
from intake.choices import ConfirmedBy, HintKind, PlaceNameKind

from .cases import Case


@pghistory.track(append_only=True)
class PlaceName(models.Model):
    """An estate, a road, a building, another name of an area: what a text may call a place, and where it lies."""

    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=10, choices=PlaceNameKind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="place_names")
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        ordering = ["name", "area"]
        constraints = [models.UniqueConstraint(fields=["name", "area"], name="place_name_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.area})"


@pghistory.track(append_only=True)
class HintWord(models.Model):
    """A word that speaks for an urgency or for a kind of request; a longer word hides the shorter ones inside it."""

    word = models.CharField(_("Word"), max_length=30)
    kind = models.CharField(_("Speaks for"), max_length=12, choices=HintKind)
    value = models.CharField(_("Value"), max_length=12, help_text=_("The code of an urgency or of a kind of request."))
    weight = models.PositiveSmallIntegerField(
        _("Weight"), help_text=_("From a sum of 10 on it is said; 0 only hides shorter words inside this one.")
    )
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("hint word")
        verbose_name_plural = _("hint words")
        ordering = ["kind", "value", "word"]
        constraints = [models.UniqueConstraint(fields=["word", "kind", "value"], name="hint_word_once")]

    def __str__(self) -> str:
        return f"{self.word} → {self.value}"


class Confirmation(models.Model):
    """A person said which item a case is. `revision` grows with every change, so that readers find what is new."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="confirmation")
    item = models.ForeignKey(Item, models.CASCADE, related_name="confirmations", db_index=False)
    suggested = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    confirmed_by = models.CharField(max_length=12, choices=ConfirmedBy)
    confirmed_at = models.DateTimeField()
    revision = models.BigIntegerField(unique=True)

    class Meta:
        verbose_name = _("confirmed classification")
        verbose_name_plural = _("confirmed classifications")
        indexes = [models.Index(fields=["item", "-revision"], name="confirmation_newest")]

    def __str__(self) -> str:
        return f"{self.case} {self.item}"

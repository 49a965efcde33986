"""Words of the registers of party and partners that administrators keep."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from grid.choices import KindOf


class PartyKind(models.Model):
    """A kind of service site or of community task, since a day and by a source. Taken out of use, never deleted."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    of = models.CharField(pgettext_lazy("party", "Register"), max_length=8, choices=KindOf)
    name = models.CharField(_("Name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    effective_from = models.DateField(_("Valid from"))
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("kind of site or task")
        verbose_name_plural = _("kinds of sites and tasks")
        ordering = ["of", "order", "code"]

    def __str__(self) -> str:
        return self.name if (get_language() or "").startswith("zh") else self.name_en

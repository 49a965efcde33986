"""Parameters: every figure an administrator may change, with its date and its source."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(append_only=True)
class Parameter(models.Model):
    """The value of `key` from `effective_from` until the next row of the same key."""

    key = models.CharField(_("Key"), max_length=80)
    value = models.JSONField(_("Value"))
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    effective_from = models.DateField(_("In force from"))
    source = models.CharField(_("Source"), max_length=200, help_text=_("The rule it comes from; [P] marks a proposal."))
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["key", "-effective_from"]
        constraints = [models.UniqueConstraint(fields=["key", "effective_from"], name="parameter_one_value_a_day")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

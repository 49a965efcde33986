"""Look-ups in other registers 查询接口: which there are, and every use of one."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grid.querysets import ScopedQuerySet
from intake.choices import LookupKind, LookupOutcome

from .cases import Case

KEY_NAME = RegexValidator(r"\ALOOKUP_KEY_[A-Z0-9_]{1,40}\Z", _("The name begins with LOOKUP_KEY_."))


class LookupConnector(models.Model):
    """A register that may be asked by code. It is off until an administrator turns it on.

    The key that signs stands in the environment of the server, under the name `key_name`; it is nowhere stored.
    `shown` are the fields of an answer that are shown: name, label, English label, mask. Whatever else comes is
    dropped.
    """

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    kind = models.CharField(_("Looks up"), max_length=10, choices=LookupKind)
    url = models.CharField(_("Address"), max_length=300)
    key_name = models.CharField(_("Key in the environment"), max_length=60, validators=[KEY_NAME])
    shown = models.JSONField(_("Fields shown"), default=list)
    seconds = models.PositiveSmallIntegerField(
        _("Time limit in seconds"), default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    is_active = models.BooleanField(_("In use"), default=False)
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        verbose_name = _("look-up connector")
        verbose_name_plural = _("look-up connectors")
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class LookupUse(models.Model):
    """One look-up: who, when, what for, about whom (masked, and as an index that cannot be read back), with what end.

    What was answered is never kept.
    """

    connector = models.ForeignKey(LookupConnector, models.PROTECT, verbose_name=_("Connector"), related_name="uses")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("By"), related_name="+")
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, verbose_name=_("Case"), related_name="lookups", db_index=False
    )
    purpose = models.CharField(_("Purpose"), max_length=200)
    subject = models.CharField(_("Code looked up"), max_length=40)
    subject_index = models.CharField(max_length=64, db_index=True, editable=False)
    asked_at = models.DateTimeField(_("Asked"))
    outcome = models.CharField(_("Result"), max_length=10, choices=LookupOutcome, default=LookupOutcome.ASKED)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"unit": "staff__unit"}

    class Meta:
        verbose_name = _("look-up")
        verbose_name_plural = _("look-ups")
        ordering = ["-id"]
        indexes = [models.Index(fields=["staff", "-id"], name="lookup_by_staff")]

    def __str__(self) -> str:
        return f"{self.connector} {self.subject}"

"""Citizens, apart from their cases and encrypted. Seeing one needs a purpose and is logged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.crypto import EncryptedTextField
from shenzhen_gov.core.masking import mask_name, mask_phone


class Citizen(models.Model):
    """A person who asked. Found again by the blind index of the phone number."""

    name = EncryptedTextField(_("Name"))
    phone = EncryptedTextField(_("Phone"))
    phone_index = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    phone_tail_index = models.CharField(max_length=40, blank=True, editable=False)
    identity_type = models.CharField(_("Identity document"), max_length=20, blank=True)
    identity_number = EncryptedTextField(_("Identity number"), blank=True)
    address = EncryptedTextField(_("Address"), blank=True)
    sex = models.CharField(_("Sex"), max_length=1, blank=True, choices=[("f", _("Female")), ("m", _("Male"))])
    wants_secrecy = models.BooleanField(_("Wants secrecy"), default=False)
    created_at = models.DateTimeField(_("Created"))
    anonymised_at = models.DateTimeField(_("Anonymised"), null=True, blank=True)

    # index column -> what it is an index of; `rotate_keys` writes both anew
    BLIND_INDEXES = {"phone_index": "phone", "phone_tail_index": "phone_tail"}

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def masked_name(self) -> str:
        """Return the name as every page shows it, e.g. 陈**."""
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        """Return the phone number as every page shows it, e.g. 139****1234."""
        return mask_phone(self.phone)

    @property
    def phone_tail(self) -> str:
        """Return what the index of the last four digits is made of; apart from a whole number of four digits."""
        return f"tail:{self.phone[-4:]}" if self.phone else ""

"""Files of the duty list: of an item, of an objection, or the decision document of a batch."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .batches import Batch
from .items import Item
from .objections import Objection


def stored_name(document, _filename: str) -> str:
    """Return where a file is stored: by content hash, never under the name it came with."""
    return f"dutylist/{document.sha256[:2]}/{document.sha256}"


class Document(models.Model):
    """One file; it belongs to exactly one item, objection or batch. `name` is what the sender called it."""

    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="documents")
    objection = models.ForeignKey(Objection, models.PROTECT, null=True, blank=True, related_name="documents")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="documents")
    file = models.FileField(_("File"), upload_to=stored_name)
    name = models.CharField(_("Name"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("Size"))
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(_("Added"))
    added_by = models.CharField(_("Added by"), max_length=120)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, objection__isnull=True, batch__isnull=True)
                | Q(item__isnull=True, objection__isnull=False, batch__isnull=True)
                | Q(item__isnull=True, objection__isnull=True, batch__isnull=False),
                name="document_belongs_to_one",
            ),
            models.UniqueConstraint(
                fields=["item", "objection", "batch", "sha256"], nulls_distinct=False, name="document_same_file_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

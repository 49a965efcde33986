"""Files that belong to a case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from intake.choices import AttachmentKind, ScanState

from .cases import Case


def stored_name(attachment, _filename: str) -> str:
    """Return where a file is stored: by case and content hash, never under the name it came with."""
    return f"cases/{attachment.case.number[-4:]}/{attachment.case.number}/{attachment.sha256}"


def thumbnail_name(attachment, _filename: str) -> str:
    """Return where the small picture of a file is stored: beside it."""
    return f"{stored_name(attachment, '')[:-32]}.webp"


class Attachment(models.Model):
    """One file of a case. The content is found by its hash; `name` is what the sender called it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    kind = models.CharField(_("Kind"), max_length=10, choices=AttachmentKind, default=AttachmentKind.EVIDENCE)
    file = models.FileField(_("File"), upload_to=stored_name)
    name = models.CharField(_("Name"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("Size"))
    sha256 = models.CharField(max_length=64)
    thumbnail = models.FileField(_("Thumbnail"), upload_to=thumbnail_name, blank=True)
    longitude = models.FloatField(null=True, blank=True)  # where a photo was taken, if its sender let us keep it
    latitude = models.FloatField(null=True, blank=True)
    scan = models.CharField(_("Virus scan"), max_length=8, choices=ScanState, default=ScanState.NOT_SCANNED)
    added_at = models.DateTimeField(_("Added"))
    added_by = models.CharField(_("Added by"), max_length=120)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "kind", "sha256"], name="attachment_same_file_once")]
        # What the scanner has still to see, whether it was away or is new here.
        indexes = [models.Index(fields=["id"], condition=Q(scan="none"), name="attachment_unscanned")]

    def __str__(self) -> str:
        return self.name

    @property
    def why_not_sent(self) -> str:
        """Return why there is no file to send: removed by age, or a virus was found in it; empty when there is one."""
        if not self.file:
            return gettext("This file was removed when its time was over.")
        return gettext("A virus was found in this file; it is not sent.") if self.scan == ScanState.INFECTED else ""

    @property
    def is_served(self) -> bool:
        """Whether there is a file to send."""
        return bool(self.file) and self.scan != ScanState.INFECTED

"""调整批次: a batch of changes to the duty list, from the first line to publication and, if need be, back again."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dutylist.choices import LineKind, LineSource, OpenCasePolicy
from dutylist.querysets import BatchQuerySet
from dutylist.workflow import DRAFT, OPEN_STATES, STATES
from grid.models import Area, Unit

from .items import Item, ItemVersion


class Batch(models.Model):
    """One batch of the ledger 台账. `content_number` grows with every change of its lines: a preview is of one content.

    `reverses` marks the inverse batch of a rollback. The list of `owner_area` is the one that is changed.
    """

    number = models.CharField(_("Number"), max_length=20, unique=True)
    title = models.CharField(_("Title"), max_length=120)
    reason = models.TextField(_("Reason"), blank=True)
    document = models.CharField(_("Decision document"), max_length=200, blank=True)
    owner_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("List of"), related_name="+")
    proposing_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Proposed by"), related_name="+"
    )
    effective_on = models.DateField(_("In force from"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=STATES, default=DRAFT)
    content_number = models.PositiveIntegerField(default=1)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    override = models.CharField(_("Published in spite of the gate because"), max_length=500, blank=True)
    problem = models.TextField(_("Why it could not be published"), blank=True)
    created_at = models.DateTimeField(_("Opened"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("Published"), null=True)
    row_version = models.PositiveIntegerField(default=1)

    objects = BatchQuerySet.as_manager()

    SCOPES = {"area": "owner_area"}

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["effective_on"], condition=Q(state="scheduled"), name="batch_to_publish"),
            models.Index(fields=["-published_at"], name="batch_published"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether the batch is still on its way."""
        return self.state in OPEN_STATES


class BatchLine(models.Model):
    """One line: what happens to one item. `before` is the version it was written against, `after` how it shall read.

    `after` is the JSON of dutylist/content.py; empty where the item ends (merge, split, retire).
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("Line"))
    kind = models.CharField(_("Kind"), max_length=10, choices=LineKind)
    code = models.SlugField(_("Code"), max_length=40)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    narrows = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    before = models.ForeignKey(ItemVersion, models.PROTECT, null=True, blank=True, related_name="+")
    after = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    name = models.CharField(_("Duty item"), max_length=120)  # for lists and search, without opening the content
    policy = models.CharField(_("Open cases"), max_length=12, choices=OpenCasePolicy, default=OpenCasePolicy.KEEP)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    source = models.CharField(_("Source"), max_length=12, choices=LineSource, default=LineSource.FORM)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("Entered"))
    published = models.OneToOneField(ItemVersion, models.PROTECT, null=True, blank=True, related_name="line")

    class Meta:
        verbose_name = _("line of a batch")
        verbose_name_plural = _("lines of a batch")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "code"], name="batch_one_line_per_item"),
            models.CheckConstraint(condition=Q(kind="add") | Q(before__isnull=False), name="line_changes_a_version"),
        ]
        indexes = [models.Index(fields=["item"], name="batch_line_of_item")]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"


class BatchPreview(models.Model):
    """Figures about one content of a batch: `kind` says of what (findings, open cases, replay); newest one holds.

    Written by whoever can compute it: findings by this app, what concerns cases by the apps above.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="previews")
    kind = models.CharField(max_length=12)
    content_number = models.PositiveIntegerField()
    made_at = models.DateTimeField(_("Computed"))
    made_by = models.CharField(max_length=120)
    figures = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("preview of a batch")
        verbose_name_plural = _("previews of batches")
        constraints = [models.UniqueConstraint(fields=["batch", "kind"], name="batch_one_preview_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.batch} {self.kind}"

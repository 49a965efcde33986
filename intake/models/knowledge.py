"""The knowledge base: articles agents answer from. What was published stays readable as it was."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dutylist.models import Item
from grid.models import Area, Unit
from grid.querysets import ScopedQuerySet
from intake.workflow import ARTICLE_DRAFT, ARTICLE_STATES

from .cases import Case


class Article(models.Model):
    """An article under one code for ever; `live` is the version citizens are answered from."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Owned by"), related_name="articles")
    live = models.OneToOneField(
        "intake.ArticleVersion", models.PROTECT, null=True, blank=True, related_name="live_of", editable=False
    )
    uses = models.PositiveIntegerField(_("Uses"), default=0, editable=False)
    used_at = models.DateTimeField(_("Last used"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("Created"))

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ArticleVersion(models.Model):
    """One state of the text: 草稿 → 审核 → 上线 → 下线 / 失效. Only a draft is edited."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("Version"))
    state = models.CharField(_("State"), max_length=10, choices=ARTICLE_STATES, default=ARTICLE_DRAFT)
    title = models.CharField(_("Title"), max_length=120)
    questions = models.JSONField(_("Asked as"), default=list, blank=True)  # other wordings, one text each
    body = models.TextField(_("Answer"))
    basis = models.CharField(_("Legal basis"), max_length=300, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Holds in"), related_name="+", db_index=False
    )  # empty: the whole city
    items = models.ManyToManyField(Item, verbose_name=_("Duty items"), related_name="article_versions", blank=True)
    valid_from = models.DateField(_("Valid from"))
    expires_on = models.DateField(_("Valid until"), null=True, blank=True)
    entered_by = models.CharField(_("Entered by"), max_length=120)
    entered_by_id = models.BigIntegerField(null=True, editable=False)
    entered_at = models.DateTimeField(_("Entered"))
    reviewed_by = models.CharField(_("Reviewed by"), max_length=120, blank=True)
    reviewed_at = models.DateTimeField(_("Reviewed"), null=True, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=300, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("article version")
        verbose_name_plural = _("article versions")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_number_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state__in=("draft", "review")), name="article_one_version_in_work"
            ),
            models.UniqueConstraint(fields=["article"], condition=Q(state="live"), name="article_one_live_version"),
        ]
        indexes = [
            # Whether the search index is still true, and what expires: asked often, of the live ones only.
            models.Index(fields=["reviewed_at"], condition=Q(state="live"), name="article_live_since"),
            models.Index(fields=["expires_on"], condition=Q(state="live"), name="article_live_until"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class ArticleUse(models.Model):
    """A case was answered from this version of an article."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="article_use")
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="case_uses")
    used_at = models.DateTimeField()
    used_by = models.CharField(max_length=120)
    # Counted into the article by a job, so that agents who answer from one article do not wait for each other.
    is_counted = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("use of an article")
        verbose_name_plural = _("uses of articles")
        indexes = [models.Index(fields=["id"], condition=Q(is_counted=False), name="article_use_uncounted")]

    def __str__(self) -> str:
        return f"{self.case} {self.version}"


class ArticleCorrection(models.Model):
    """纠错: somebody who uses an article says what is wrong with it; its owner answers."""

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="corrections")
    text = models.CharField(_("What is wrong"), max_length=500)
    raised_at = models.DateTimeField(_("Raised"))
    raised_by = models.CharField(_("Raised by"), max_length=120)
    is_taken = models.BooleanField(_("Taken up"), null=True)
    answer = models.CharField(_("Answer"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    answered_by = models.CharField(_("Answered by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]

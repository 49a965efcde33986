"""Articles as their readers and their editors see them: lists, one article with its versions, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Unit
from intake.models import Article, ArticleCorrection, ArticleVersion
from intake.services.knowledge import IN_WORK, MOVES, why_not_move
from intake.workflow import (
    ARTICLE,
    ARTICLE_DRAFT,
    ARTICLE_DROPPED,
    ARTICLE_EXPIRED,
    ARTICLE_LIVE,
    ARTICLE_OFF,
    ARTICLE_REVIEW,
)
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists import Count, capped_count
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.text_diff import Segment, list_segments, text_segments
from shenzhen_gov.core.workflow import Offer

REVIEW, WORK, ONLINE, EXPIRING, WRONG, ENDED = "review", "work", "online", "expiring", "wrong", "ended"
EDITS = (Act.EDIT_KNOWLEDGE, Act.REVIEW_KNOWLEDGE)
CORRECTIONS_SHOWN = 20
MOST_USED = 20


@dataclass(frozen=True)
class Difference:
    """One part of an article as it was and becomes."""

    label: str
    marks: list[Segment]
    is_list: bool


@dataclass(frozen=True)
class ArticlePage:
    """An article: the version looked at, the others, what changed against the one online, and what may be done."""

    article: Article
    shown: ArticleVersion
    work: ArticleVersion | None
    versions: list[ArticleVersion]
    differences: list[Difference]
    corrections: list[ArticleCorrection]
    offers: list[Offer]
    shut: str | None  # why no change can be begun
    is_editor: bool
    is_owner: bool

    @property
    def may_review(self) -> bool:
        """Whether the reader says now whether the version goes online."""
        return self.shown.state == ARTICLE_REVIEW and any(offer.allowed for offer in self.offers)


def list_versions(user, tab: str, today: date) -> QuerySet[ArticleVersion]:
    """Return the versions of a tab: of the articles in sight, one row an article."""
    found = ArticleVersion.objects.filter(article__in=Article.objects.visible_to(user))
    return found.filter(_of_tab(tab, today)).select_related("article__unit", "area")


def count_tabs(user, today: date) -> dict[str, Count]:
    """Return how many wait in the tabs that ask for something."""
    return {tab: capped_count(list_versions(user, tab, today)) for tab in (REVIEW, WORK, EXPIRING, WRONG)}


def most_used(on: date) -> list[ArticleVersion]:
    """Return the articles online that are answered from most, for readers who typed nothing yet."""
    live = ArticleVersion.objects.filter(Q(expires_on=None) | Q(expires_on__gte=on), state=ARTICLE_LIVE)
    return list(live.select_related("article").order_by("-article__uses", "-reviewed_at")[:MOST_USED])


def get_article(user, code: str) -> Article | None:
    """Return an article that `user` may read: online, it is everybody's; before and after, its editors'."""
    article = Article.objects.select_related("unit", "live__area").filter(code=code).first()
    if article is None or not (article.live_id or _edits(user, article)):
        return None
    return article


def get_article_page(article: Article, user, number: int | None, today: date) -> ArticlePage | None:
    """Return what the page of an article shows of the version `number` (None: the one that matters now).

    Readers see what is or was online, editors everything. None when there is no such version to see.
    """
    is_editor = _edits(user, article)
    hidden = () if is_editor else (*IN_WORK, ARTICLE_DROPPED)
    versions = list(article.versions.exclude(state__in=hidden).select_related("area").prefetch_related("items"))
    for version in versions:
        version.article = article
    work = next((version for version in versions if version.state in IN_WORK), None)
    shown = _chosen(versions, number, work, article)
    if shown is None:
        return None
    live = next((version for version in versions if version.pk == article.live_id), None)
    by = Actor.staff(user)
    return ArticlePage(
        article=article,
        shown=shown,
        work=work,
        versions=versions,
        differences=differences(live, shown) if live and live != shown else [],
        corrections=_corrections(article) if is_editor else [],
        offers=_offers(shown, by, today) if is_editor else [],
        shut=_why_no_change(article, work, by),
        is_editor=is_editor,
        is_owner=access.why_not(by, (Act.EDIT_KNOWLEDGE,), article) is None,
    )


def differences(before: ArticleVersion, after: ArticleVersion) -> list[Difference]:
    """Return the parts that differ, with what went and came marked."""
    found = [
        Difference(label, text_segments(one, other), is_list=False)
        for label, one, other in (
            (_("Title"), before.title, after.title),
            (_("Answer"), before.body, after.body),
            (_("Basis"), before.basis, after.basis),
            (_("Holds in"), _place(before), _place(after)),
            (_("Valid"), _days(before), _days(after)),
        )
        if one != other
    ]
    for label, ones, others in (
        (_("Asked as"), list(before.questions), list(after.questions)),
        (_("Duty items"), _codes(before), _codes(after)),
    ):
        if ones != others:
            found.append(Difference(label, list_segments(ones, others), is_list=True))
    return found


def units_to_own(user) -> list[Unit]:
    """Return the units whose articles `user` may write, the own one first."""
    units = list(access.units_with(user, Act.EDIT_KNOWLEDGE).filter(closed_on=None).order_by("path")[:300])
    return sorted(units, key=lambda unit: unit.pk != user.unit_id)


def _edits(user, article: Article) -> bool:
    """Whether `user` writes or reviews the articles of this unit."""
    return user.is_superuser or access.why_not(Actor.staff(user), EDITS, article) is None


def _of_tab(tab: str, today: date) -> Q:
    if tab == WORK:
        return Q(state=ARTICLE_DRAFT)
    if tab == EXPIRING:
        soon = today + timedelta(days=get_parameter("article.expiring_days", today))
        return Q(state=ARTICLE_LIVE, expires_on__lte=soon)
    if tab == WRONG:
        return Q(pk__in=ArticleCorrection.objects.filter(answered_at=None).values("version"))
    if tab == ENDED:
        return Q(state__in=(ARTICLE_OFF, ARTICLE_EXPIRED), article__live=None)
    return Q(state=ARTICLE_LIVE if tab == ONLINE else ARTICLE_REVIEW)


def _chosen(
    versions: list[ArticleVersion], number: int | None, work: ArticleVersion | None, article: Article
) -> ArticleVersion | None:
    if number is not None:
        return next((version for version in versions if version.number == number), None)
    live = next((version for version in versions if version.pk == article.live_id), None)
    return work or live or next(iter(versions), None)


def _offers(version: ArticleVersion, by: Actor, today: date) -> list[Offer]:
    """Return the moves of the table that start here, each allowed or with the reason why not."""

    def refuses(move):
        return access.why_not(by, move.acts, version.article) or why_not_move(version, move.name, by, today)

    offers = [offer for offer in ARTICLE.offers(version, refuses) if offer.move.name in MOVES]
    return sorted(offers, key=lambda offer: MOVES.index(offer.move.name))


def _why_no_change(article: Article, work: ArticleVersion | None, by: Actor) -> str | None:
    if reason := access.why_not(by, (Act.EDIT_KNOWLEDGE,), article):
        return reason
    return _("A change of this article is under way already; finish or discard it first.") if work else None


def _corrections(article: Article) -> list[ArticleCorrection]:
    """Return what was reported as wrong: what waits first, then the newest."""
    found = ArticleCorrection.objects.filter(version__article=article).select_related("version")
    return list(found.order_by("-answered_at", "-id")[:CORRECTIONS_SHOWN])


def _place(version: ArticleVersion) -> str:
    return version.area.name if version.area else _("Whole city")


def _days(version: ArticleVersion) -> str:
    return f"{version.valid_from} – {version.expires_on or ''}"


def _codes(version: ArticleVersion) -> list[str]:
    return sorted(item.code for item in version.items.all())

"""Articles of the knowledge base: written, reviewed by somebody else, put online, replaced, taken off, expired."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.models import Item
from grid import access
from grid.choices import Act
from grid.models import Area, Unit
from grid.services.trees import reserve_ids
from intake.article_index import live_state
from intake.models import Article, ArticleVersion
from intake.workflow import ARTICLE, ARTICLE_DRAFT, ARTICLE_LIVE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

from .article_texts import ArticleText, check_article, checked_opinion

WRITTEN = ("article.drafted", "article.edited")
MOVES = ("submit", "publish", "return", "take_off", "discard")  # what people do, as it is offered
IN_WORK = ("draft", "review")


@transaction.atomic
def create_article(
    text: ArticleText, *, unit_id: int, code: str = "", is_sample: bool = False, by: Actor, now: datetime
) -> ArticleVersion:
    """Begin an article as a draft, owned by a unit. Without a code it gets the next number."""
    unit = Unit.objects.filter(pk=unit_id, closed_on=None).first()
    if unit is None:
        raise BadInput(_("Choose the unit that owns the article."), field="unit")
    _require(by, (Act.EDIT_KNOWLEDGE,), unit)
    text, area, items = check_article(text)
    own_id = reserve_ids(Article, 1)[0]
    article = Article(pk=own_id, code=code or f"ZS{own_id:05d}", unit=unit, created_at=now)
    article.save(force_insert=True)
    return _add_version(article, text, area, items, by, now, is_sample=is_sample)


@transaction.atomic
def start_draft(article_id: int, *, by: Actor, now: datetime) -> ArticleVersion:
    """Begin a change: a draft that starts as the newest version is. What is online stays until it is replaced."""
    article = lock_article(article_id, by=by)
    _require(by, (Act.EDIT_KNOWLEDGE,), article)
    if in_work(article) is not None:
        raise IllegalMove(_("A change of this article is under way already; finish or discard it first."))
    newest = article.live or article.versions.order_by("-number")[0]
    return _add_version(article, _text_of(newest), newest.area, list(newest.items.all()), by, now)


@transaction.atomic
def edit_draft(
    version_id: int, text: ArticleText, *, row_version: int | None = None, by: Actor, now: datetime
) -> ArticleVersion:
    """Change the text of a draft. Raises BadInput naming the field, StalePage when somebody else was faster."""
    version = _lock_version(version_id, by, row_version)
    _require(by, (Act.EDIT_KNOWLEDGE,), version.article)
    if version.state != ARTICLE_DRAFT:
        raise IllegalMove(_("Only a draft is edited; begin a change of the article."))
    text, area, items = check_article(text)
    _fill(version, text, area)
    version.entered_by, version.entered_by_id, version.entered_at = by.name, by.id, now
    version.row_version += 1
    version.save()
    version.items.set(items)
    audit.record("article.edited", version, by=by, now=now)
    return version


@transaction.atomic
def move_article(
    version_id: int, move: str, *, opinion: str = "", row_version: int | None = None, by: Actor, now: datetime
) -> ArticleVersion:
    """Make one move of the table ARTICLE; putting online replaces the version that was online before.

    Raises IllegalMove or NotAllowed with the reason (nobody puts online what they wrote), BadInput(field="opinion").
    """
    if move not in MOVES:
        raise BadInput(_("There is no such step."))
    version = _lock_version(version_id, by, row_version)
    _require(by, ARTICLE.moves[move].acts, version.article)
    row = ARTICLE.check(move, version)
    if reason := why_not_move(version, move, by, timezone.localdate(now)):
        raise NotAllowed(reason)
    version.opinion = checked_opinion(opinion, needed=move == "return")
    if move in ("publish", "return"):
        version.reviewed_by, version.reviewed_at = by.name, now
    if move == "publish":
        _replace_live(version, by, now)
    set_state(version, row.to_state or version.state, f"article.{move}", by, now)
    point_to_live(version.article, version if move == "publish" else version.article.live, version)
    return version


def why_not_move(version: ArticleVersion, move: str, by: Actor, today: date) -> str | None:
    """Return what besides state and role keeps `by` from a move: four eyes, and days that do not fit."""
    if move != "publish":
        return None
    if by.id is not None and _wrote(version, by):
        return _("You wrote this yourself; somebody else puts it online.")
    if version.valid_from > today:
        return _("It is valid from %(day)s; put it online then.") % {"day": version.valid_from}
    if version.expires_on is not None and version.expires_on < today:
        return _("It was valid until %(day)s only.") % {"day": version.expires_on}
    return None


def lock_article(article_id: int, *, by: Actor) -> Article:
    """Return the locked article, or refuse: unknown."""
    found = Article.objects.select_for_update(of=("self",)).select_related("unit", "live").filter(pk=article_id)
    article = found.first()
    if article is None:
        raise OutOfSight(_("Not found."))
    return article


def in_work(article: Article) -> ArticleVersion | None:
    """Return the draft or the version in review, of which there is one at most."""
    return article.versions.filter(state__in=IN_WORK).first()


def _lock_version(version_id: int, by: Actor, row_version: int | None) -> ArticleVersion:
    """Return a version, locked together with its article, the article first."""
    article_id = ArticleVersion.objects.filter(pk=version_id).values_list("article_id", flat=True).first()
    article = lock_article(article_id or 0, by=by)
    version = ArticleVersion.objects.select_for_update(of=("self",)).select_related("area").get(pk=version_id)
    version.article = article
    if row_version is not None and version.row_version != row_version:
        raise StalePage(_("Somebody else changed this article after the page was opened. Open it again."))
    return version


def _require(by: Actor, acts: tuple[str, ...], obj) -> None:
    """Raise unless `by` may; the system writes samples and imports."""
    if by.kind != SYSTEM:
        access.require(by, acts, obj)


def _text_of(version: ArticleVersion) -> ArticleText:
    return ArticleText(
        title=version.title, body=version.body, valid_from=version.valid_from, expires_on=version.expires_on,
        questions=tuple(version.questions), basis=version.basis,
    )  # fmt: skip


def _add_version(
    article: Article, text: ArticleText, area: Area | None, items: list[Item], by: Actor, now: datetime,
    *, is_sample: bool = False,
) -> ArticleVersion:  # fmt: skip
    number = (article.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = ArticleVersion(article=article, number=number, is_sample=is_sample)
    _fill(version, text, area)
    version.entered_by, version.entered_by_id, version.entered_at = by.name, by.id, now
    version.save(force_insert=True)
    version.items.set(items)
    audit.record("article.drafted", version, by=by, now=now, changes={"article": article.code, "version": number})
    return version


def _fill(version: ArticleVersion, text: ArticleText, area: Area | None) -> None:
    version.title, version.body, version.basis = text.title, text.body, text.basis
    version.questions, version.area = list(text.questions), area
    version.valid_from, version.expires_on = text.valid_from, text.expires_on


def _wrote(version: ArticleVersion, by: Actor) -> bool:
    """Whether `by` had a hand in this version: drafted it or edited it, ever."""
    written = AuditEntry.objects.filter(object_type="intake.articleversion", object_id=version.pk, action__in=WRITTEN)
    return written.filter(actor_kind=by.kind, actor_id=by.id).exists()


def _replace_live(version: ArticleVersion, by: Actor, now: datetime) -> None:
    """Retire the version that is online, if there is one: an article has one answer at a time."""
    before = version.article.live
    if before is not None:
        set_state(before, ARTICLE.check("replace", before).to_state or before.state, "article.replace", by, now)


def set_state(version: ArticleVersion, state: str, action: str, by: Actor, now: datetime) -> None:
    """Write the new state of a locked version with its audit entry."""
    before, version.state = version.state, state
    version.row_version += 1
    version.save(update_fields=["state", "opinion", "reviewed_by", "reviewed_at", "row_version"])
    audit.record(action, version, by=by, now=now, changes={"state": [before, state]}, note=version.opinion)
    if ARTICLE_LIVE in (before, state):
        live_state.forget()
        transaction.on_commit(live_state.forget)


def point_to_live(article: Article, live: ArticleVersion | None, moved: ArticleVersion) -> None:
    """Let the article point to what is online after `moved` changed its state."""
    wanted = None if live is not None and live.pk == moved.pk and moved.state != ARTICLE_LIVE else live
    if article.live_id != (wanted.pk if wanted else None):
        article.live = wanted
        article.save(update_fields=["live"])

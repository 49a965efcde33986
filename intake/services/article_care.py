"""What happens to articles in use: mistakes are reported and answered (纠错), uses are counted, time runs out."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.models import ArticleCorrection, ArticleVersion
from intake.workflow import ARTICLE, ARTICLE_LIVE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.texts import checked_text

from .article_texts import checked_opinion
from .knowledge import in_work, lock_article, point_to_live, set_state, start_draft

CORRECTION_LENGTH = 500
COUNT = """
WITH fresh AS (
    UPDATE intake_articleuse SET is_counted = true
     WHERE id IN (SELECT id FROM intake_articleuse WHERE NOT is_counted
                   ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING version_id, used_at),
sums AS (
    SELECT v.article_id, count(*) AS uses, max(f.used_at) AS used_at
      FROM fresh f JOIN intake_articleversion v ON v.id = f.version_id GROUP BY v.article_id),
written AS (
    UPDATE intake_article a SET uses = a.uses + s.uses, used_at = greatest(a.used_at, s.used_at)
      FROM sums s WHERE a.id = s.article_id)
SELECT count(*) FROM fresh
"""


@transaction.atomic
def raise_correction(version_id: int, text: str, *, by: Actor, now: datetime) -> ArticleCorrection:
    """Say what is wrong with an article that is online; open to everybody who holds a role."""
    if by.user is None or not access.grants_of(by.user).rows:
        raise NotAllowed(_("Mistakes in articles are reported by people who hold a role."))
    version = ArticleVersion.objects.select_related("article").filter(pk=version_id, state=ARTICLE_LIVE).first()
    if version is None:
        raise OutOfSight(_("Not found."))
    text = checked_text(text, CORRECTION_LENGTH, field="text")
    if len(text) < 4:
        raise BadInput(_("Say in 4 characters at least what is wrong."), field="text")
    correction = ArticleCorrection(version=version, text=text, raised_at=now, raised_by=by.name)
    correction.save(force_insert=True)
    audit.record("article.correction_raised", version, by=by, now=now, note=text)
    return correction


@transaction.atomic
def answer_correction(
    correction_id: int, *, is_taken: bool, answer: str = "", by: Actor, now: datetime
) -> ArticleVersion | None:
    """Answer a report of a mistake. Taken up, a draft is begun unless one is under way; it is returned.

    Not taken up, it needs an answer. Raises NotAllowed for everybody but the editors of the article's unit.
    """
    correction, version = _lock(correction_id, by)
    access.require(by, (Act.EDIT_KNOWLEDGE,), version.article)
    if correction.answered_at is not None:
        text = _("%(who)s answered this in the meantime.")
        raise IllegalMove(text % {"who": correction.answered_by})
    correction.is_taken = is_taken
    correction.answer = checked_opinion(answer, needed=not is_taken)
    correction.answered_at, correction.answered_by = now, by.name
    correction.save(update_fields=["is_taken", "answer", "answered_at", "answered_by"])
    facts = {"is_taken": [None, is_taken]}
    audit.record("article.correction_answered", version, by=by, now=now, changes=facts, note=correction.answer)
    if not is_taken:
        return None
    return in_work(version.article) or start_draft(version.article_id, by=by, now=now)


@transaction.atomic
def expire_articles(*, by: Actor, now: datetime, limit: int = 500) -> int:
    """Take offline what holds no longer (the day after its last one) and return how many there were."""
    today = timezone.localdate(now)
    over = ArticleVersion.objects.filter(state=ARTICLE_LIVE, expires_on__lt=today).order_by("expires_on", "pk")
    locked = list(over.select_for_update(of=("self",), skip_locked=True).select_related("article")[:limit])
    for version in locked:
        set_state(version, ARTICLE.check("expire", version).to_state or version.state, "article.expire", by, now)
        point_to_live(version.article, version.article.live, version)
    return len(locked)


def count_uses(*, limit: int = 5_000) -> int:
    """Add uses of articles not counted yet to their articles, and return how many; safe to run beside itself."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [limit])
        return cursor.fetchone()[0]


def _lock(correction_id: int, by: Actor) -> tuple[ArticleCorrection, ArticleVersion]:
    """Return a correction and its version, locked with their article, the article first."""
    article_id = (
        ArticleCorrection.objects.filter(pk=correction_id).values_list("version__article_id", flat=True).first()
    )
    article = lock_article(article_id or 0, by=by)
    locked = ArticleCorrection.objects.select_for_update(of=("self",)).select_related("version")
    correction = locked.get(pk=correction_id)
    correction.version.article = article
    return correction, correction.version

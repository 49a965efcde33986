"""Articles for tests."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from grid.models import Unit
from intake.models import ArticleVersion
from intake.services.article_texts import ArticleText
from intake.services.knowledge import create_article, move_article
from shenzhen_gov.core.actor import Actor

SYSTEM = Actor.system("test")
LAMP = "路灯不亮找谁报修"
LAMP_BODY = "请说明路灯编号或最近的门牌，热线登记后转城管部门处理。"


def article_text(**given) -> ArticleText:
    """Return what an article says, about street lamps unless told otherwise."""
    values = {"title": LAMP, "body": LAMP_BODY, "valid_from": date(2026, 1, 1)}
    return ArticleText(**(values | given))


def make_draft(unit: Unit, *, by: Actor = SYSTEM, now: datetime | None = None, **given) -> ArticleVersion:
    """Write an article that is not online yet."""
    return create_article(article_text(**given), unit_id=unit.pk, by=by, now=now or timezone.now())


def make_article(unit: Unit, *, now: datetime | None = None, **given) -> ArticleVersion:
    """Put an article online and return its version."""
    now = now or timezone.now()
    draft = make_draft(unit, now=now, **given)
    move_article(draft.pk, "submit", by=SYSTEM, now=now)
    return move_article(draft.pk, "publish", by=SYSTEM, now=now)

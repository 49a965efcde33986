"""Articles out of a file, put online at once: the sample set-up has no reviewers yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Level, UnitKind
from grid.models import Unit
from intake.models import Article
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .article_texts import ArticleText
from .knowledge import create_article, move_article


@dataclass(frozen=True)
class ArticleRow:
    """An article of a file."""

    code: str
    text: ArticleText


@transaction.atomic
def load_articles(rows: Iterable[ArticleRow], *, is_sample: bool, by: Actor, now: datetime) -> list[str]:
    """Add the articles that are missing, owned by the city's centre, and return their codes."""
    access.require_administration(by, None)
    centre = Unit.objects.filter(kind=UnitKind.CENTRE, level=Level.CITY, closed_on=None).order_by("path").first()
    if centre is None:
        raise Refused(_("No civic request centre is set up that would own the articles."))
    known = set(Article.objects.values_list("code", flat=True))
    added = [row for row in rows if row.code not in known]
    for row in added:
        draft = create_article(row.text, unit_id=centre.pk, code=row.code, is_sample=is_sample, by=by, now=now)
        move_article(draft.pk, "submit", by=by, now=now)
        move_article(draft.pk, "publish", by=by, now=now)
    return [row.code for row in added]

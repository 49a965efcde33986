"""What an article may say: its texts, its days, where and for which duty items it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from dutylist.models import Item
from grid.models import Area
from intake.limits import ANSWER_LIMIT
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

LIMITS = {"title": 120, "body": ANSWER_LIMIT, "basis": 300}
NEEDED = {"title": 2, "body": 2}  # characters at least
QUESTIONS, QUESTION_LENGTH = 20, 120  # other wordings of one article
ITEMS = 50  # duty items of one article
OPINION_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class ArticleText:
    """What a version says. `area` (code, empty: the whole city) and `items` (codes) are where and for what it holds."""

    title: str
    body: str
    valid_from: date
    expires_on: date | None = None
    questions: tuple[str, ...] = ()
    basis: str = ""
    area: str = ""
    items: tuple[str, ...] = ()


def check_article(text: ArticleText) -> tuple[ArticleText, Area | None, list[Item]]:
    """Return the text as it is stored and what its codes stand for. Raises BadInput naming the field."""
    lines = {field: getattr(text, field).replace("\r\n", "\n") for field in LIMITS}  # as forms send them
    checked = {field: checked_text(lines[field], limit, field=field) for field, limit in LIMITS.items()}
    for field, least in NEEDED.items():
        if len(checked[field]) < least:
            raise BadInput(_("Two characters at least."), field=field)
    if text.expires_on is not None and text.expires_on < text.valid_from:
        raise BadInput(_("It would end before it begins."), field="expires_on")
    title, body, basis = (checked[field] for field in ("title", "body", "basis"))
    text = replace(text, title=title, body=body, basis=basis, questions=_questions(text.questions))
    return text, _area(text.area), _items(text.items)


def checked_opinion(opinion: str, *, needed: bool) -> str:
    """Return an opinion as it is stored. Raises BadInput(field="opinion") when one is needed and there is none."""
    opinion = checked_text(opinion, OPINION_LENGTH, field="opinion")
    if needed and len(opinion) < 4:
        raise BadInput(_("Say in 4 characters at least what is to be changed."), field="opinion")
    return opinion


def _questions(questions: Iterable[str]) -> tuple[str, ...]:
    """Return the other wordings as they are stored: each once, none empty."""
    each = (checked_text(" ".join(one.split()), QUESTION_LENGTH, field="questions") for one in questions)
    kept = tuple(dict.fromkeys(one for one in each if one))
    if len(kept) > QUESTIONS:
        raise BadInput(_("At most %(limit)s wordings, one a line.") % {"limit": QUESTIONS}, field="questions")
    return kept


def _area(code: str) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(code=checked_text(code, 20, field="area"), is_active=True).first()
    if area is None:
        raise BadInput(_("There is no area with the code “%(code)s”.") % {"code": code}, field="area")
    return area


def _items(codes: tuple[str, ...]) -> list[Item]:
    wanted = list(dict.fromkeys(checked_text(code, 40, field="items") for code in codes if code.strip()))
    if len(wanted) > ITEMS:
        raise BadInput(_("At most %(limit)s duty items.") % {"limit": ITEMS}, field="items")
    found = {item.code: item for item in Item.objects.filter(code__in=wanted)}
    if unknown := [code for code in wanted if code not in found]:
        text = _("There is no duty item with the code “%(code)s”.")
        raise BadInput(text % {"code": unknown[0]}, field="items")
    return [found[code] for code in wanted]

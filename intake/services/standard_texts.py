"""Standard texts: what agents write again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake.choices import StandardTextKind
from intake.limits import CONTENT_LIMIT
from intake.models import StandardText
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .texts import checked_text

TITLE_LENGTH = 60


@dataclass(frozen=True)
class StandardTextRow:
    """A standard text as the file or a form gives it."""

    code: str
    kind: str
    title: str
    text: str
    order: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_standard_texts(rows: Iterable[StandardTextRow], *, overwrite: bool, by: Actor, now: datetime) -> list[str]:
    """Add the texts that are missing and return what was done, a line each.

    What somebody edited stays, unless `overwrite`; even then a text stays in or out of use as it is.
    """
    access.require_administration(by, None)
    known = {text.code: text for text in StandardText.objects.select_for_update()}
    changes = []
    for row in rows:
        there = known.get(row.code)
        if there is None:
            changes.append(_write(None, row, by, now))
        elif overwrite:
            changes.append(_write(there, replace(row, is_active=there.is_active), by, now))
    return [change for change in changes if change]


@transaction.atomic
def save_standard_text(row: StandardTextRow, *, by: Actor, now: datetime) -> StandardText:
    """Add or change one text, known by its code."""
    access.require_administration(by, None)
    _write(StandardText.objects.select_for_update().filter(code=row.code).first(), row, by, now)
    return StandardText.objects.get(code=row.code)


def _write(text: StandardText | None, row: StandardTextRow, by: Actor, now: datetime) -> str:
    """Write one text and return the line that tells it; empty when nothing changed."""
    row = _checked(row)
    wanted = asdict(row)
    before = {name: getattr(text, name) for name in wanted} if text else {}
    changes = {name: [before.get(name), wanted[name]] for name in wanted if before.get(name) != wanted[name]}
    if not changes:
        return ""
    text = text or StandardText()
    for name, value in wanted.items():
        setattr(text, name, value)
    text.save()
    audit.record("standard_text.changed", text, by=by, now=now, changes=changes)
    return f"{'~' if before else '+'} {row.code} {row.title}"


def _checked(row: StandardTextRow) -> StandardTextRow:
    """Return the row without blanks at its edges; refuse one that cannot be used, naming its column."""
    if row.kind not in StandardTextKind.values:
        text = _("“%(value)s” is not one of: %(choices)s.")
        raise BadInput(text % {"value": row.kind[:20], "choices": ", ".join(StandardTextKind.values)}, field="kind")
    limits = {"code": 40, "title": TITLE_LENGTH, "text": CONTENT_LIMIT}
    given = {name: checked_text(getattr(row, name), limit, field=name) for name, limit in limits.items()}
    for name, value in given.items():
        if not value:
            raise BadInput(_("%(field)s must not be empty.") % {"field": name}, field=name)
    return replace(row, code=given["code"], title=given["title"], text=given["text"])

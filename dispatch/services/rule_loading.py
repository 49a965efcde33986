"""Rules out of a file, published at once: the sample set-up has no publishers yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import Rule
from grid import access
from grid.choices import Level
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.csv_files import bad_row
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, Refused

from .rule_editing import RuleText, create_rule
from .rule_moves import move_rule
from .rule_replays import make_replay


@dataclass(frozen=True)
class RuleRow:
    """A rule of a file, with its line."""

    line: int
    code: str
    text: RuleText


@transaction.atomic
def load_rules(rows: Iterable[RuleRow], *, is_sample: bool, by: Actor, now: datetime) -> list[str]:
    """Add the rules that are missing, for the whole city, and return their codes. Each is checked and replayed.

    Raises BadInput naming the row for a rule that makes no sense or contradicts another; nothing is written then.
    """
    access.require_administration(by, None)
    city = Area.objects.filter(level=Level.CITY).first()
    if city is None:
        raise Refused(_("No area is set up; load the areas first."))
    known = set(Rule.objects.values_list("code", flat=True))
    added = [row for row in rows if row.code not in known]
    for row in added:
        _load(row, city, is_sample, by, now)
    return [row.code for row in added]


def _load(row: RuleRow, city: Area, is_sample: bool, by: Actor, now: datetime) -> None:
    try:
        draft = create_rule(row.text, area_id=city.pk, code=row.code, is_sample=is_sample, by=by, now=now)
        move_rule(draft.pk, "submit", by=by, now=now)
        make_replay(draft.pk, now=now)
        move_rule(draft.pk, "publish", by=by, now=now)
    except (BadInput, IllegalMove) as wrong:
        raise bad_row(row.line, wrong.field or "condition", str(wrong)) from wrong

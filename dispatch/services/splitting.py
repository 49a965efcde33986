"""一件多事: a request about several matters becomes several cases, each of which goes its own way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import CaseSplit
from grid import access
from intake import services as intake
from intake.models import Case
from intake.selectors import is_secondary
from intake.workflow import CASE
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from .claims import require_unclaimed
from .notices import notify_citizen

FEWEST, MOST = 2, 5
KEY_LIMIT = 64


@transaction.atomic
def split_case(
    case_id: int,
    parts: Sequence[intake.Part],
    *,
    key: str,
    by: Actor,
    now: datetime,
    row_version: int | None = None,
) -> list[Case]:
    """Split a waiting case into 2 to 5; returns them, the original (which keeps the first part) first.

    The same `key` again answers with what the first call made. Raises BadInput whose field is `part-<number>-<field>`,
    ClaimedByOther when the case lies before another dispatcher.
    """
    case = intake.lock_case(case_id, by=by)
    access.require(by, CASE.moves["split"].acts, case)
    if earlier := _earlier(case, key):
        return earlier
    CASE.check("split", case)
    require_unclaimed(case, by=by, now=now)
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    if not FEWEST <= len(parts) <= MOST:
        raise BadInput(_("A case is split into %(few)s to %(most)s parts.") % {"few": FEWEST, "most": MOST})
    return take_apart(case, parts, key=key, by=by, now=now)


def take_apart(case: Case, parts: Sequence[intake.Part], *, key: str, by: Actor, now: datetime) -> list[Case]:
    """Take a locked case apart, wherever it stands: it keeps the first part, the others await their dispatch.

    Whether it may be taken apart is the caller's to ask. Raises BadInput as `split_case` does.
    """
    checked = [_at_part(place, intake.checked_part, part) for place, part in enumerate(parts, 1)]
    split = CaseSplit.objects.create(
        case=case, key=key, title=case.title, content=case.content, split_at=now, split_by=by.name[:120]
    )
    others = [
        _at_part(place, intake.register_part, case, part, by=by, now=now)
        for place, part in enumerate(checked[1:], FEWEST)
    ]
    facts = {"parts": [case.number, *(other.number for other in others)]}
    case = _at_part(1, intake.keep_part, case, checked[0], facts=facts, by=by, now=now)
    split.cases.set([case, *others])
    if not is_secondary(case):  # the main case of another matter has nothing to do with the other parts
        for other in others:
            intake.link_part(case, other, by=by, now=now)
    notify_citizen(case, "citizen_split", now=now, numbers="、".join(other.number for other in others))
    return [case, *others]


def _earlier(case: Case, key: str) -> list[Case]:
    """Return the cases that an earlier call with this key made; empty when there was none."""
    if not (0 < len(key) <= KEY_LIMIT and key.isascii() and key.isprintable()):
        raise BadInput(_("The key of the command is missing."), field="key")
    split = CaseSplit.objects.filter(key=key).first()
    if split is None:
        return []
    if split.case_id != case.pk:
        raise Refused(_("The key was used for another case."), field="key")
    return sorted(split.cases.all(), key=lambda row: (row.pk != case.pk, row.pk))


def _at_part(place: int, step, *args, **given):
    """Carry out a step of one part; a refusal names the part and its field."""
    try:
        return step(*args, **given)
    except BadInput as refusal:
        raise BadInput(str(refusal), field=f"part-{place}-{refusal.field or 'content'}") from refusal

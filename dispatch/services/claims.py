"""Two dispatchers never get the same case: whoever has one before them holds a claim for some minutes.

A claim says nothing about the case, so it leaves no audit entry (taking one over from somebody does). It ends when the
case is dispatched, split or put off, when its dispatcher leaves the desk, or when its time is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import CaseClaim, CaseSkip, Clock
from dispatch.selectors.waiting import find_next
from grid import access
from grid.choices import Act
from intake import services as intake
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, Refused
from shenzhen_gov.core.parameters import get_parameter

from .notices import notify_user

MAY_TAKE_OVER = (Act.PUBLISH_RULES.value,)  # the act that tells the dispatch manager from a dispatcher
SKIPS_KEPT = timedelta(days=1)  # longer than any shift
RENEW = """
UPDATE dispatch_caseclaim AS k SET claimed_at = %(now)s, expires_at = %(until)s
  FROM intake_case AS c
 WHERE k.staff_id = %(me)s AND c.id = k.case_id AND c.state = 'awaiting_dispatch' AND c.awaits_person
RETURNING k.case_id
"""
TAKE = """
INSERT INTO dispatch_caseclaim AS k (case_id, staff_id, claimed_at, expires_at)
VALUES (%(case)s, %(me)s, %(now)s, %(until)s)
    ON CONFLICT (case_id) DO UPDATE
   SET staff_id = excluded.staff_id, claimed_at = excluded.claimed_at, expires_at = excluded.expires_at
 WHERE k.staff_id = excluded.staff_id OR k.expires_at <= excluded.claimed_at OR %(over)s
"""


class ClaimedByOther(Refused):
    """Another dispatcher has the case before them; the text names them."""

    code = "claimed_by_other"


def claim_next(*, by: Actor, now: datetime, why: str = "") -> int | None:
    """Return the id of the case that lies before this dispatcher now, claimed; None when nothing waits for them.

    The one they hold already, else the most urgent that nobody else holds; `why` narrows it to one reason for which
    cases wait. Any number of dispatchers may ask at once, none waits for another.
    """
    if by.user is None:
        raise NotAllowed(_("Only staff take cases at the dispatch desk."))
    if not why and (own := _renew(by, now)):
        return own
    with transaction.atomic():
        CaseClaim.objects.filter(staff=by.id).delete()
        for rows in find_next(by.user, now, why):
            if (case_id := _take_first(rows, by, now)) is not None:
                return case_id
    return None


@transaction.atomic
def claim_case(case_id: int, *, by: Actor, now: datetime, take_over: bool = False) -> None:
    """Take a certain waiting case; what this dispatcher held before is free again.

    Raises IllegalMove when it does not wait any more, ClaimedByOther with the name. `take_over` takes it from whoever
    holds it, which is for the dispatch manager and is recorded.
    """
    case = intake.lock_case(case_id, by=by)
    access.require(by, CASE.moves["dispatch"].acts, case)
    CASE.check("dispatch", case)
    holder = _holder(case, by, now)
    if holder is not None:
        if not take_over:
            raise _claimed(case, holder)
        access.require(by, MAY_TAKE_OVER, case)
        audit.record("case.claim_taken_over", case, by=by, now=now, changes={"from": _name(holder)})
        notify_user(holder.pk, "claim_taken_over", case, now=now, who=by.name)
    CaseClaim.objects.filter(staff=by.id).exclude(case=case).delete()
    _take(case.pk, by, now, over=True)


@transaction.atomic
def keep_claim(case_id: int, *, by: Actor, now: datetime) -> None:
    """Hold a case for some minutes more, while it is being read; take it again when the claim was over.

    Raises ClaimedByOther when somebody else has it by now, Refused when it does not wait any more.
    """
    case = Case.objects.awaiting_person().filter(pk=case_id).first()
    if case is None:
        raise Refused(_("This case no longer waits for a dispatcher."))
    if not CaseClaim.objects.filter(case=case_id, staff=by.id).update(expires_at=_until(now)):
        require_unclaimed(case, by=by, now=now)
        _take(case_id, by, now)


@transaction.atomic
def skip_case(case_id: int, *, by: Actor, now: datetime) -> None:
    """Put a case off: for this dispatcher it comes last; the others find it where it was."""
    case = intake.lock_case(case_id, by=by)
    access.require(by, CASE.moves["dispatch"].acts, case)
    if by.id is None:
        raise NotAllowed(_("Only staff take cases at the dispatch desk."))
    CaseSkip.objects.update_or_create(case=case, staff_id=by.id, defaults={"skipped_at": now})
    CaseClaim.objects.filter(case=case, staff=by.id).delete()


def release(case_id: int, *, claimed_at: datetime, by: Actor) -> bool:
    """Give a case back when its page is left; a page that took it afresh since keeps it. Returns whether it did."""
    return bool(CaseClaim.objects.filter(case=case_id, staff=by.id, claimed_at=claimed_at).delete()[0])


def require_unclaimed(case: Case, *, by: Actor, now: datetime) -> None:
    """Raise ClaimedByOther when somebody else has this case before them. The machine asks nobody."""
    if by.user is not None and (holder := _holder(case, by, now)) is not None:
        raise _claimed(case, holder)


def end_claims(cases: Iterable[Case]) -> None:
    """Forget who had these cases before them or put them off: they do not wait any more."""
    cases = list(cases)
    CaseClaim.objects.filter(case__in=cases).delete()
    CaseSkip.objects.filter(case__in=cases).delete()


def forget_claims(*, now: datetime) -> int:
    """Delete claims that are over and what was put off a day ago; returns how many rows."""
    gone = CaseClaim.objects.filter(expires_at__lt=now - SKIPS_KEPT).delete()[0]
    return gone + CaseSkip.objects.filter(skipped_at__lt=now - SKIPS_KEPT).delete()[0]


def _renew(by: Actor, now: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(RENEW, {"me": by.id, "now": now, "until": _until(now)})
        row = cursor.fetchone()
    return row[0] if row else None


def _take_first(rows, by: Actor, now: datetime) -> int | None:
    """Return the first case that could be claimed; rows another dispatcher is claiming at this moment are passed over.

    A claim that was committed between our looking and our taking is found by the taking itself.
    """
    of = "case" if rows.model is Clock else "self"
    rows = rows.select_related("case") if rows.model is Clock else rows
    tried: list[int] = []
    while (row := rows.exclude(case_id__in=tried).select_for_update(skip_locked=True, of=(of,)).first()) is not None:
        if _take(row.case_id, by, now):
            return row.case_id
        tried.append(row.case_id)
    return None


def _take(case_id: int, by: Actor, now: datetime, *, over: bool = False) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"case": case_id, "me": by.id, "now": now, "until": _until(now), "over": over})
        return cursor.rowcount == 1


def _until(now: datetime) -> datetime:
    return now + timedelta(minutes=get_parameter("dispatch.claim_minutes", timezone.localdate(now)))


def _holder(case: Case, by: Actor, now: datetime):
    """Return who else holds the case now, or None."""
    claim = CaseClaim.objects.select_related("staff").filter(case=case.pk, expires_at__gt=now).first()
    return claim.staff if claim and claim.staff_id != by.id else None


def _claimed(case: Case, holder) -> ClaimedByOther:
    text = _("%(number)s is being looked at by %(who)s.")
    return ClaimedByOther(text % {"number": case.number, "who": _name(holder)})


def _name(staff) -> str:
    return staff.get_full_name() or staff.get_username()

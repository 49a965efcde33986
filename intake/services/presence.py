"""Who has which case open at this moment: a row per case and person, renewed by the page that shows the case."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from grid import access
from intake.models import Case, CasePresence
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight

RENEW = """
INSERT INTO intake_casepresence (case_id, staff_id, seen_at) VALUES (%s, %s, %s)
ON CONFLICT (case_id, staff_id) DO UPDATE SET seen_at = greatest(intake_casepresence.seen_at, excluded.seen_at)
"""
KEPT = timedelta(hours=1)


def mark_present(case_id: int, *, by: Actor, now: datetime) -> None:
    """Say that `by` has a case open. It says nothing about the case, so it leaves no audit entry."""
    if by.user is None:
        raise NotAllowed(_("Only staff have cases open."))
    case = Case.objects.select_related("area", "holder").filter(pk=case_id).first()
    if case is None or not access.can_see(by.user, case):
        raise OutOfSight(_("Not found."))
    with connection.cursor() as cursor:
        cursor.execute(RENEW, [case_id, by.id, now])


def forget_present(*, now: datetime) -> int:
    """Delete the rows nobody renewed for an hour, long after they stopped counting; returns how many."""
    return CasePresence.objects.filter(seen_at__lt=now - KEPT).delete()[0]

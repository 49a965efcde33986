"""Reasons for refusing, and the proposals that wait for a shift leader."""

from __future__ import annotations

from dataclasses import dataclass

from grid import access
from intake.models import Case, Refusal, RefusalReason
from intake.services.refusals import why_not_confirm
from intake.workflow import CASE, REGISTERED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists import Count, capped_count

SHOWN = 30


@dataclass(frozen=True)
class Proposal:
    """A proposal that waits, and why the reader may not confirm it (None: they may)."""

    refusal: Refusal
    why_not: str | None


def list_reasons() -> list[RefusalReason]:
    """Return the reasons in use, in their order."""
    return list(RefusalReason.objects.filter(is_active=True))


def waiting_refusal(case: Case) -> Refusal | None:
    """Return the proposal not to accept a case that a shift leader has not decided yet, or None."""
    if case.state != REGISTERED:
        return None
    return case.refusals.filter(is_confirmed=None).select_related("reason").first()


def open_proposals(user, limit: int = SHOWN) -> list[Proposal]:
    """Return the proposals in sight that wait, oldest first."""
    by = Actor.staff(user)
    found = _waiting(user).select_related("reason", "case__area", "case__holder", "case__channel").order_by("id")
    acts = CASE.moves["refuse"].acts
    return [
        Proposal(refusal, access.why_not(by, acts, refusal.case) or why_not_confirm(refusal, by))
        for refusal in found[:limit]
    ]


def count_proposals(user) -> Count:
    """Return how many proposals wait in sight."""
    return capped_count(_waiting(user))


def get_proposal(user, pk: int) -> Refusal | None:
    """Return a proposal on a case that `user` may see, or None."""
    return Refusal.objects.filter(pk=pk, case__in=Case.objects.visible_to(user)).first()


def refusals_of(case: Case) -> list[Refusal]:
    """Return what was proposed on a case and what came of it, newest first."""
    return list(case.refusals.select_related("reason").order_by("-id")[:5])


def _waiting(user):
    """Return the open proposals in sight; those whose case ended another way wait for nobody."""
    return Refusal.objects.filter(is_confirmed=None, case__state=REGISTERED, case__in=Case.objects.visible_to(user))

"""Asking the language model about cases that wait for a dispatcher; see dispatch/gate/opinion.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from dispatch.gate.opinion import OFFERED, Choice, ask_opinion, is_set_up
from dispatch.models import CaseOpinion
from intake.models import Case
from intake.selectors import suggest_for_many

AT_ONCE = 20
NEWER_THAN = timedelta(hours=4)  # who waits longer is being looked at already


def ask_opinions(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Ask about up to `limit` cases at the dispatch desks that nobody asked about yet; returns how many.

    No transaction is open while the other side thinks, and nothing waits for it: an opinion that comes late or never
    changes nothing. Two processes that ask about the same case keep the first answer.
    """
    if not is_set_up():
        return 0
    waiting = Case.objects.awaiting_person().filter(accepted_at__gte=now - NEWER_THAN, opinion=None, is_secret=False)
    cases = list(waiting.select_related("citizen")[:limit])
    ranked, _method = suggest_for_many(
        [(case.content, case.title) for case in cases], on=timezone.localdate(now), limit=OFFERED
    )
    for case, found in zip(cases, ranked, strict=True):
        offered = [Choice(item.code, item.path_text) for item in found]
        opinion = ask_opinion(case, offered) if offered else None
        CaseOpinion.objects.get_or_create(
            case=case,
            defaults={
                "asked_at": now,
                "model": settings.LLM_MODEL[:80],
                "offered": [choice.code for choice in offered],
                "codes": list(opinion.codes) if opinion else [],
                "problem": opinion.problem if opinion else "",
            },
        )
    return len(cases)

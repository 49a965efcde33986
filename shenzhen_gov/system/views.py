"""The system page. For whoever administers the whole city, and superusers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analytics.services import ask_rebuild
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.verification import verify

from . import selectors, stuck
from .words import action_text, require_system_administrator, state_chip


@login_required
@never_cache
@require_safe
def system(request):
    """Show the state of the system on one page."""
    require_system_administrator(request.user)
    seal = selectors.newest_seal()
    return render(
        request,
        "system/system.html",
        {
            "title": _("System state"),
            "job_runs": [(run, state_chip(run)) for run in selectors.job_runs()],
            "failed": selectors.failed_runs(),
            "queues": selectors.queues(),
            "waiting": selectors.waiting_cases(request.user),
            "entries": [(entry, action_text(entry.action)) for entry in selectors.newest_entries()],
            "seal": seal,
            "unsealed": selectors.unsealed(seal),
            "years": selectors.calendar_years(),
            "system_alarms": selectors.alarms(timezone.localdate()),
        },
    )


@login_required
@never_cache
@require_safe
def audit_check(request):
    """Verify the newest part of the audit log and show what was found (a fragment)."""
    require_system_administrator(request.user)
    return render(request, "system/_audit_check.html", {"findings": verify(quick=True)})


@login_required
@never_cache
@require_safe
def stuck_work(request):
    """Show everything that is stuck or late, what is late first."""
    require_system_administrator(request.user)
    seen = stuck.look(timezone.now())
    rebuild = stuck.newest_rebuild()
    context = {
        "title": _("Stuck work"),
        "seen": sorted(seen, key=lambda one: (not one.is_late, not one.count)),
        "late": sum(one.is_late for one in seen),
        "rebuild": rebuild,
        "rebuild_state": state_chip(rebuild) if rebuild else "",
        "is_asked": any(one.code == "rebuild" and one.count for one in seen),
    }
    return render(request, "system/stuck.html", context)


@login_required
@require_POST
def stuck_retry(request):
    """Try again what is stuck of one kind, the oldest hundred."""
    require_system_administrator(request.user)
    by = Actor.staff(request.user)
    done, refused = stuck.retry(request.POST.get("what", ""), by=by, now=timezone.now())
    messages.success(request, _("%(count)s are tried again.") % {"count": done})
    for reason in refused[:3]:
        messages.warning(request, reason)
    return redirect("system_stuck")


@login_required
@require_POST
def rebuild_figures(request):
    """Have the figures made from scratch."""
    require_system_administrator(request.user)
    ask_rebuild(by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The figures are made from scratch; the old ones stay until then."))
    return redirect("system_stuck")

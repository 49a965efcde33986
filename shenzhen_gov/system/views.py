"""The system page. For whoever administers the whole city, and superusers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shenzhen_gov.core.verification import verify

from . import selectors
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

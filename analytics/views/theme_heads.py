"""Changing the head of a theme, and what its fields find while somebody types."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from analytics import services
from analytics.forms.themes import ThemeHeadForm, lines_of_plan
from analytics.models import SpecialTheme
from analytics.selectors import theme_picks as picks
from analytics.selectors.themes import get_theme
from analytics.workflow import JUDGE, THEME
from grid.access import holds, lacking, why_not
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.form_steps import attempt

LONGEST_WORDS = 60


@login_required
@require_http_methods(["GET", "POST"])
def theme_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change title, who is in charge, plan, target and dates, with the reason."""
    found = get_theme(pk, request.user)
    if reason := refusal(found, Actor.staff(request.user)):
        raise NotAllowed(reason)
    form = ThemeHeadForm(request.POST or None, user=request.user, theme=found, initial=_head_of(found))
    if request.method == "POST" and form.is_valid():
        given = {"reason": form.cleaned_data["note"], "row_version": form.cleaned_data["row_version"]}
        if attempt(form, request, services.change_theme, pk, form.head(), **given):
            messages.success(request, _("Changed."))
            return redirect("analytics:theme", pk)
    context = {
        "form": form,
        "title": _("Change the special theme"),
        "parents": [
            (_("Special themes"), reverse("analytics:themes")),
            (found.title, reverse("analytics:theme", args=[pk])),
        ],
        "theme": found,
        "done": [step for step in found.steps.all() if step.done_at],
    }
    return render(request, "analytics/theme_head.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def theme_pick(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer what fits the words typed, for who may propose themes."""
    if not holds(request.user, JUDGE):
        raise lacking(JUDGE)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    found = _find(kind, text, request.user)
    return render(request, "analytics/_choices.html", {"found": found if text else [], "text": text})


def refusal(theme: SpecialTheme, by: Actor) -> str:
    """Return why the head of a theme cannot be changed by somebody, nothing where it can."""
    return str(THEME.why_not("change", theme) or why_not(by, THEME.moves["change"].acts, theme) or "")


def _find(kind: str, text: str, user) -> list[picks.Choice]:
    if kind == "item":
        return picks.find_items(text, user)
    if kind == "area":
        return picks.find_areas(text, user)
    if kind == "unit":
        return picks.find_units(text, user, timezone.localdate())
    raise Http404


def _head_of(theme: SpecialTheme) -> dict:
    names = ("title", "target", "target_value", "target_on", "started_on", "row_version")
    return {name: getattr(theme, name) for name in names} | {
        "owner": theme.owner.name,
        "lead": theme.lead.username if theme.lead else "",
        "indicator": theme.indicator.code if theme.indicator else None,
        "steps": lines_of_plan(step for step in theme.steps.all() if step.done_at is None),
    }

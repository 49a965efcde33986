"""The supervision desk, urging several cases at once, and circulars."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dispatch import forms, services
from dispatch.models import Circular
from dispatch.selectors import supervision_desk as selectors
from dispatch.selectors.supervision import get_marks
from grid.access import holding, why_not
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import page_of

PAGE_SIZE = 50


@holding(Act.SUPERVISE_CASE)
@require_GET
def supervision(request):
    """Show what is nearly or quite over, and what has been said about it."""
    return _desk(request)


@holding(Act.SUPERVISE_CASE)
@require_POST
def urge_many(request):
    """Urge the ticked cases with one text, all or none; a refusal shows the desk with all that was typed."""
    form = forms.UrgeManyForm(request.POST)
    if not form.is_valid():
        return _desk(request, form=form, status=422)
    try:
        urged = services.urge_many(
            form.cleaned_data["ids"], text=form.cleaned_data["text"], by=Actor.staff(request.user), now=timezone.now()
        )
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        form.add_error("text" if refusal.field == "text" else None, str(refusal))
        return _desk(request, form=form, status=422)
    text = ngettext("%(count)s case was urged.", "%(count)s cases were urged.", len(urged))
    messages.success(request, text % {"count": len(urged)})
    return redirect(f"{request.path.removesuffix('urge/')}?tab=urged")


@login_required
@require_http_methods(["GET", "POST"])
def circular(request, pk: int):
    """Show a circular; POST changes the words of a draft, drops a case (`drop`), or publishes it (`do` publish)."""
    found = selectors.find_circular(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    reason = why_not(Actor.staff(request.user), (Act.SUPERVISE_CASE,), found.unit)
    if request.method == "POST" and reason:
        raise NotAllowed(reason)
    form = forms.CircularForm(request.POST or None, initial=_words(found))
    if request.method == "POST" and form.is_valid():
        try:
            return _change(request, found, form)
        except (NotAllowed, OutOfSight):
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {
        "circular": found, "lines": found.lines.select_related("case", "unit"), "form": form, "title": found.title,
        "may_change": reason is None and found.state == "draft", "now": timezone.now(),
    }  # fmt: skip
    return render(request, "dispatch/circular.html", context, status=422 if form.errors else 200)


def _words(found: Circular) -> dict:
    return {"title": found.title, "text": found.text, "row_version": found.row_version}


def _change(request, found: Circular, form) -> HttpResponse:
    by, now, drop = Actor.staff(request.user), timezone.now(), request.POST.get("drop", "")
    given = form.cleaned_data
    if drop.isascii() and drop.isdigit() and len(drop) < 19:
        services.drop_line(found.pk, int(drop), by=by, now=now)
        messages.success(request, _("The case no longer stands in the circular."))
        return redirect("dispatch:circular", pk=found.pk)
    changed = services.change_circular(found.pk, **given, by=by, now=now)
    if request.POST.get("do") == "publish":
        services.publish_circular(found.pk, by=by, now=now, row_version=changed.row_version)
        messages.success(request, _("The circular is published."))
    else:
        messages.success(request, _("Saved."))
    return redirect("dispatch:circular", pk=found.pk)


def _desk(request, *, form=None, status: int = 200) -> HttpResponse:
    now, filters = timezone.now(), forms.SupervisionFilterForm(request.GET)
    given = filters.cleaned_data if filters.is_valid() else {}
    scope = selectors.Scope(request.user, level=given.get("level"), of=given.get("of"))
    counts = selectors.count_tabs(scope, now)
    tab = selectors.get_tab((request.POST or request.GET).get("tab"), counts)
    page = page_of(selectors.get_rows(tab, scope, now), tab.sort, PAGE_SIZE, request.GET.get("cursor") or None)
    rows = [tab.shown(row) for row in page.rows]
    context = {
        "title": _("Supervision desk"), "now": now, "tabs": [(one, counts[one.code]) for one in selectors.TABS],
        "tab": tab, "count": counts[tab.code], "rows": rows, "pager": page, "filters": filters,
        "marks": get_marks(row.case.pk for row in rows), "figures": selectors.get_figures(scope, now),
        "of": selectors.find_unit(request.user, scope.of), "circulars": selectors.get_circulars(request.user),
        "form": form or forms.UrgeManyForm(), "ticked": set(form.data.getlist("ids")) if form else set(),
    }  # fmt: skip
    return render(request, "dispatch/supervision.html", context, status=status)

"""The supervision desk, and urging several cases at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, services
from dispatch.selectors import supervision_desk as selectors
from dispatch.selectors.circulars import get_circulars
from dispatch.selectors.supervision import get_marks
from grid.access import holding
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
        "of": selectors.find_unit(request.user, scope.of), "circulars": get_circulars(request.user),
        "form": form or forms.UrgeManyForm(), "ticked": set(form.data.getlist("ids")) if form else set(),
    }  # fmt: skip
    return render(request, "dispatch/supervision.html", context, status=status)

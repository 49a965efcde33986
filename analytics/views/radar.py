"""The quality radar: a ranked work list over the duty list, and the page of one finding."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from analytics import selectors, services
from analytics.choices import ENTERERS, READERS, FindingState
from analytics.filters import RadarFilters
from analytics.forms import DismissForm
from analytics.models import RadarFinding
from analytics.tables import RadarTable, kind_chip, score_words
from dutylist.selectors.objections import list_drafts
from grid.access import grants_of, why_not
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.lists import ListPage, Sort


def require_reader(user) -> None:
    """Raise NotAllowed for people who neither enter, review nor publish changes of the duty list."""
    if not (user.is_superuser or grants_of(user).acts().intersection(READERS)):
        raise NotAllowed(_("The quality radar is for those who enter, review or publish changes of the duty list."))


def for_readers(view):
    """Open a page to readers of the radar only."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        require_reader(request.user)
        return view(request, *args, **kwargs)

    return guarded


class RadarList(ListPage):
    """What in the duty list deserves a look, most urgent first."""

    title = gettext_lazy("Quality radar")
    filterset_class = RadarFilters
    table_class = RadarTable
    template_name = "analytics/radar.html"
    sorts = (
        Sort("score", gettext_lazy("Highest score first"), ("-score", "id"), column="score"),
        Sort("cases", gettext_lazy("Most cases first"), ("-cases", "id"), column="cases"),
        Sort("newest", gettext_lazy("Newest first"), ("-first_seen_at", "-id"), column="first_seen_at"),
        Sort("code", gettext_lazy("By code"), ("item__code", "id"), column="name"),
    )
    row_css = "two"
    export_name = "quality-radar"
    empty_text = gettext_lazy("Nothing was found in the lists of your territory")
    empty_hint = gettext_lazy("The list is looked through every night; with the button above at once.")
    empty_icon = "radar"

    def check_access(self) -> None:
        """Open to those who enter, review or publish changes of the list."""
        require_reader(self.request.user)

    def get_queryset(self):
        """Return the findings in sight."""
        return selectors.list_findings(self.request.user)

    def get_context(self, **context) -> dict:
        """Add the counts by kind, and when the list was looked through."""
        if self._template() == self.fragment_name:
            return context
        waiting, last = selectors.newest_runs()
        counts = selectors.count_by_kind(self.request.user)
        return context | {"counts": counts, "waiting": waiting, "last": last, "kind": self.request.GET.get("kind", "")}


@for_readers
@require_POST
def refresh(request):
    """Ask for a look through the list."""
    services.ask_refresh(by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The list will be looked through within a minute; you may go on with something else."))
    return redirect("analytics:radar")


@for_readers
@require_GET
def finding(request, pk: int):
    """Show one finding: the figures, how the score came about, and what to do about it."""
    return _page(request, _find(request, pk), DismissForm())


@for_readers
@require_POST
def dismiss(request, pk: int):
    """Set a finding aside."""
    found, form = _find(request, pk), DismissForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        services.dismiss_finding(pk, form.cleaned_data["reason"], by=Actor.staff(request.user), now=timezone.now())
    except BadInput as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, found, form)
    messages.success(request, _("Set aside. The finding comes back when it grows worse."))
    return redirect("analytics:radar")


@for_readers
@require_POST
def reopen(request, pk: int):
    """Take a finding up again."""
    _find(request, pk)
    services.reopen_finding(pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The finding is open again."))
    return redirect("analytics:radar_finding", pk)


def _find(request, pk: int) -> RadarFinding:
    found = selectors.get_finding(pk, request.user)
    if found is None:
        raise Http404(_("There is no such finding."))
    return found


def _page(request, found: RadarFinding, form: DismissForm):
    by = Actor.staff(request.user)
    enters = why_not(by, ENTERERS, found.item) is None
    context = {
        "title": found.name,
        "parents": [(_("Quality radar"), reverse("analytics:radar"))],
        "finding": found,
        "form": form,
        "kind": kind_chip(found.kind),
        "score_words": score_words(found),
        "why_not": why_not(by, READERS, found),
        "enters": enters,
        "drafts": list_drafts(request.user, found.item.owner_area_id) if enters else [],
        "is_open": found.state == FindingState.OPEN,
    }
    return render(request, "analytics/finding.html", context, status=400 if form.errors else 200)

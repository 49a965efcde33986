"""Circulars 通报: the list for units, one of them, saying that one's unit has read it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dispatch import forms, services
from dispatch.filters import CircularFilters
from dispatch.models import Circular
from dispatch.selectors import circulars as selectors
from dispatch.tables import CircularTable
from grid.access import require_any, why_not
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import ListPage, Sort, page_of
from shenzhen_gov.core.texts import joined

LINES = Sort("entered", pgettext_lazy("order", "Entered"), ("id",))
LINES_SHOWN = 100


class CircularList(ListPage):
    """The published circulars, newest first, and what each says of one's own units."""

    title = gettext_lazy("Circulars")
    filterset_class = CircularFilters
    table_class = CircularTable
    sorts = (Sort("newest", gettext_lazy("Newest first"), ("-id",), column="published_at"),)
    export_name = "circulars"
    empty_text = gettext_lazy("No circular is published yet")
    empty_hint = gettext_lazy("A circular names cases that are long overdue or failed twice, and their units.")
    empty_icon = "horn"

    def check_access(self) -> None:
        """Open to whoever handles, reviews or supervises anywhere."""
        require_any(self.request.user, *selectors.READERS, or_superuser=True)

    def get_queryset(self):
        """Return what is published: a circular tells every unit."""
        return selectors.list_circulars(self.request.user)


@login_required
@require_http_methods(["GET", "POST"])
def circular(request, pk: int):
    """Show a circular; POST changes the words of a draft, drops a case (`drop`), or publishes it (`do` publish)."""
    found = _find(request, pk)
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
    may_change = reason is None and found.state == "draft"
    context = {"circular": found, "form": form, "title": found.title, "may_change": may_change} | _shown(request, found)
    return render(request, "dispatch/circular.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def read(request, pk: int):
    """Note that one's unit has read a circular."""
    units = services.read_circular(pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("Noted as read: %(units)s.") % {"units": joined(str(unit) for unit in units[:5])})
    return redirect("dispatch:circular", pk=pk)


def _find(request, pk: int) -> Circular:
    found = selectors.find_circular(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    return found


def _shown(request, found: Circular) -> dict:
    """Return the lines of a page, and the units that are named: one's own first asked for, then everybody's."""
    own = selectors.get_answered_units(request.user)
    named, count, read_count = selectors.get_named(found, own)
    only_own = bool(named) and not own.everywhere and request.GET.get("which") != "all"
    rows = selectors.get_lines(found, own if only_own else None)
    page = page_of(rows, LINES, LINES_SHOWN, request.GET.get("cursor") or None)
    return {
        "lines": page.rows, "pager": page, "count": found.lines.count(), "only_own": only_own, "named": named,
        "may_choose": bool(named) and not own.everywhere, "named_count": count, "read_count": read_count,
        "openable": selectors.get_open_numbers(request.user, page.rows),
        "is_to_read": selectors.is_to_read(request.user, found),
    }  # fmt: skip


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

"""The ledger of batches, the page of one batch, and the steps taken on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutylist import services
from dutylist.filters import BatchFilters
from dutylist.forms import ActForm, BatchForm
from dutylist.models import Batch
from dutylist.selectors import desk, entry
from dutylist.selectors.ledger import get_ledger
from dutylist.selectors.lines import count_lines
from dutylist.services.checking import check_batch
from dutylist.tables import BatchTable
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import ListPage, Sort

from .guards import duty_desk, find_batch, require_duty_role
from .page import show_batch


class BatchList(ListPage):
    """批次台账: every batch in sight, newest first."""

    title = gettext_lazy("Duty-list batches")
    filterset_class = BatchFilters
    table_class = BatchTable
    template_name = "dutylist/batches.html"
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="number"),
        Sort("published", gettext_lazy("Last published first"), ("-published_at", "-id"), column="published"),
        Sort("effective", gettext_lazy("By date of force"), ("effective_on", "id"), column="effective_on"),
    )
    row_css = "two"
    export_name = "duty-list-batches"
    empty_text = gettext_lazy("No batch yet")
    empty_hint = gettext_lazy("A batch gathers changes of the duty list; they take effect together, or not at all.")
    empty_icon = "docket"

    def check_access(self) -> None:
        """Open to whoever holds an act of the duty list."""
        require_duty_role(self.request.user)

    def get_queryset(self):
        """Return the batches in sight."""
        return desk.list_batches(self.request.user)

    def get_context(self, **context) -> dict:
        """Add whether a batch may be opened."""
        return context | {"can_open": bool(desk.areas_to_change(Actor.staff(self.request.user)))}


@dataclass(frozen=True)
class MoveKind:
    """How a move is taken: the service, what is said when it is done, the words it cannot do without."""

    service: Callable
    done: str | Promise
    sends: tuple[str, ...] = ()
    needs: dict[str, str | Promise] = field(default_factory=dict)


MOVES = {
    "submit": MoveKind(services.submit, gettext_lazy("Submitted. The first review has begun.")),
    "pre_approve": MoveKind(
        services.pre_approve, gettext_lazy("Passed. The batch waits for approval."), ("opinion",)
    ),
    "approve": MoveKind(services.approve, gettext_lazy("Approved."), ("opinion", "override")),
    "send_back": MoveKind(
        services.send_back, gettext_lazy("Sent back with the opinion."), ("opinion",),
        {"opinion": gettext_lazy("Write what has to be changed.")},
    ),
    "take_back": MoveKind(services.take_back, gettext_lazy("Taken back; the batch is a draft again.")),
    "discard": MoveKind(services.discard, gettext_lazy("Discarded.")),
    "publish": MoveKind(services.publish_batch, gettext_lazy("Published.")),
    "roll_back": MoveKind(
        services.roll_back, gettext_lazy("The inverse batch is made; a second person has to approve it."),
        ("reason", "effective_on"), {"reason": gettext_lazy("Write why the batch is rolled back.")},
    ),
}  # fmt: skip
WITHOUT_VERSION = {"publish", "roll_back"}  # these services look at the state alone


@duty_desk
@require_GET
def batch(request, number: str):
    """Show a batch: its lines, and what publishing it would do."""
    return show_batch(request, find_batch(request, number))


@duty_desk
@require_http_methods(["GET", "POST"])
def batch_new(request):
    """Open a batch."""
    by = Actor.staff(request.user)
    areas = desk.areas_to_change(by)
    if not areas:
        raise NotAllowed(_("You may not enter changes of any list."))
    form = BatchForm(request.POST or None, areas=areas, initial={"owner_area_id": areas[0].pk})
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "row_version"}
        opened = _try(form, lambda: services.open_batch(services.NewBatch(**given), by=by, now=timezone.now()))
        if opened:
            messages.success(request, _("Batch %(number)s is open. Now enter its lines.") % {"number": opened.number})
            return redirect("dutylist:batch", number=opened.number)
    return _show_head(request, form, None, areas[0])


@duty_desk
@require_http_methods(["GET", "POST"])
def batch_edit(request, number: str):
    """Change title, reason, document, proposer and date of a draft."""
    found, by = find_batch(request, number), Actor.staff(request.user)
    if reason := desk.why_not_edit(found, by):
        raise NotAllowed(reason)
    names = ("row_version", "title", "reason", "document", "proposing_unit_id", "effective_on")
    form = BatchForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        change = partial(services.change_batch, found.pk, by=by, now=timezone.now())
        if _try(form, lambda: change(**form.cleaned_data)):
            messages.success(request, _("Saved."))
            return redirect("dutylist:batch", number=number)
    return _show_head(request, form, found, found.owner_area)


@duty_desk
@require_POST
def batch_act(request, number: str, move: str):
    """Take one step; a refusal shows the batch as it is now, with the reason and all that was typed."""
    if move not in MOVES:
        raise Http404
    found, kind = find_batch(request, number), MOVES[move]
    form = ActForm(request.POST, needs=kind.needs)
    if not form.is_valid():
        return show_batch(request, found, form=form, status=422)
    result = _try(form, lambda: _take(found, move, form.cleaned_data, Actor.staff(request.user)))
    if result is None:
        return show_batch(request, find_batch(request, number), form=form, status=409)
    fresh = find_batch(request, number)
    messages.success(request, _said(move, kind, fresh))
    return redirect("dutylist:batch", number=result.number if move == "roll_back" else number)


@duty_desk
@require_POST
def check(request, number: str):
    """Look for what is wrong with the batch, now."""
    found = find_batch(request, number)
    check_batch(found.pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("Checked."))
    return redirect("dutylist:batch", number=number)


@duty_desk
@require_GET
def batch_print(request, number: str):
    """Show every line with what it changes, laid out for paper."""
    found = find_batch(request, number)
    context = {"title": found.number, "batch": found, "lines": get_ledger(found), "counts": count_lines(found)}
    return render(request, "dutylist/ledger_print.html", context)


def _take(found: Batch, move: str, given: dict, by: Actor):
    """Call the service of a move with what it takes."""
    kind = MOVES[move]
    words = {name: given[name] for name in kind.sends}
    version = {} if move in WITHOUT_VERSION else {"row_version": given["row_version"]}
    result = kind.service(found.pk, **words, **version, by=by, now=timezone.now())
    return result.batch if move == "publish" else result


def _said(move: str, kind: MoveKind, fresh: Batch) -> str:
    """Return what came of a step; an approval says from when the list holds."""
    if move != "approve":
        return str(kind.done)
    if fresh.published_at:
        return _("Approved and published.")
    return _("Approved. It takes effect on %(day)s.") % {"day": fresh.effective_on}


def _try(form, call: Callable):
    """Return what the service returns; a refusal goes to its field of the form, and None is returned."""
    try:
        return call()
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def _show_head(request, form: BatchForm, found: Batch | None, area) -> HttpResponse:
    """Show the form of a batch's head."""
    proposer = entry.get_unit_name(form["proposing_unit_id"].value())
    parents = [(_("Duty-list batches"), reverse("dutylist:batches"))]
    if found:
        parents.append((found.number, reverse("dutylist:batch", args=[found.number])))
    title = _("Change the head") if found else _("New batch")
    context = {"title": title, "parents": parents, "form": form, "batch": found, "proposer": proposer, "area": area}
    return render(request, "dutylist/batch_form.html", context, status=422 if form.errors else 200)

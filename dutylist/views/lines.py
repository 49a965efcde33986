"""Lines of a batch: in slices, one with its diff, entered by form, taken out; and the searches of the form."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from dutylist import services
from dutylist.choices import ENDING, LineKind
from dutylist.forms import LineForm, PolicyForm
from dutylist.models import Batch, BatchLine
from dutylist.selectors import desk, entry, lines
from dutylist.selectors.preview import get_check
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused

from .guards import duty_desk, find_batch
from .page import line_context, show_batch, slice_of


@duty_desk
@require_GET
def batch_lines(request, number: str):
    """Answer one more slice of the lines."""
    batch = find_batch(request, number)
    return render(request, "dutylist/_lines.html", slice_of(request, batch, get_check(batch)))


@duty_desk
@require_GET
def batch_line(request, number: str, code: str):
    """Show one line: what it changes, who will answer, what happens to its open cases. Alone for htmx."""
    batch = find_batch(request, number)
    line = _find_line(batch, code)
    if not request.htmx:
        return show_batch(request, batch, line=line)
    return render(request, "dutylist/_line.html", line_context(request, line))


@duty_desk
@require_http_methods(["GET", "POST"])
def line_new(request, number: str):
    """Enter a line: first the item is found, or a new one begun; then the form."""
    batch = _find_draft(request, number)
    code, narrows = request.GET.get("code", ""), request.GET.get("narrows", "")
    is_new = request.GET.get("kind") == LineKind.ADD or bool(narrows)
    if not (code or is_new):
        return render(request, "dutylist/line_pick.html", _form_context(batch, title=_("Which item?")))
    if code and lines.get_line(batch, code):
        return redirect("dutylist:line_edit", number=number, code=code)
    start = entry.get_start(batch, request.user, code=code, narrows=narrows)
    if start is None:
        raise Http404(_("There is no duty item %(code)s on this list.") % {"code": code or narrows})
    own = f"{narrows}-{batch.owner_area.code}" if narrows else code
    initial = start.content | {"kind": LineKind.ADD if is_new else LineKind.CHANGE, "code": own, "narrows": narrows}
    form = LineForm(request.POST or None, initial=initial | {"rows": None}, is_new=is_new)
    return _line_form(request, batch, form, start, overwrite=False)


@duty_desk
@require_http_methods(["GET", "POST"])
def line_edit(request, number: str, code: str):
    """Change a line that was entered."""
    batch = _find_draft(request, number)
    line = _find_line(batch, code)
    is_new = line.kind == LineKind.ADD
    narrows = line.narrows.code if line.narrows and is_new else ""
    start = entry.get_start(batch, request.user, code="" if is_new else code, narrows=narrows)
    if start is None:
        raise Http404(_("There is no duty item %(code)s on this list.") % {"code": code})
    said = {name: getattr(line, name) for name in ("kind", "code", "policy", "note")} | {"narrows": narrows}
    form = LineForm(request.POST or None, initial=start.content | {"rows": None} | line.after | said, is_new=is_new)
    return _line_form(request, batch, form, start, overwrite=True)


@duty_desk
@require_POST
def line_remove(request, number: str, code: str):
    """Take a line out of the batch."""
    batch = find_batch(request, number)
    if services.remove_lines(batch.pk, [code], by=Actor.staff(request.user), now=timezone.now()):
        messages.success(request, _("The line of %(code)s is taken out.") % {"code": code})
    return redirect("dutylist:batch", number=number)


@duty_desk
@require_POST
def policy(request, number: str):
    """Say what happens to the open cases of one line, or of every line of a kind."""
    batch = find_batch(request, number)
    form = PolicyForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Choose what happens to the open cases."), field="policy")
    code, kind = form.cleaned_data["code"], form.cleaned_data["kind"]
    codes = [code] if code and not kind else lines.list_line_codes(batch, lines.LineFilter(kind=kind))
    changed = services.set_policy(
        batch.pk, codes, form.cleaned_data["policy"], by=Actor.staff(request.user), now=timezone.now()
    )
    if request.htmx and not kind:
        return render(request, "dutylist/_line.html", line_context(request, _find_line(batch, code)))
    said = ngettext("%(count)s line changed.", "%(count)s lines changed.", changed) % {"count": changed}
    messages.success(request, said)
    address = reverse("dutylist:batch_line", args=[number, code]) if code else reverse("dutylist:batch", args=[number])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@duty_desk
@require_GET
def pick(request, number: str, kind: str):
    """Answer what fits the words typed: items, units, or areas."""
    batch = find_batch(request, number)
    text = request.GET.get("q", "").strip()[:60]
    context = {"batch": batch, "kind": kind, "text": text, "found": _find(request, batch, kind, text) if text else []}
    return render(request, "dutylist/_choices.html", context)


def _find(request, batch: Batch, kind: str, text: str) -> list:
    if kind == "item":
        return entry.find_items(batch, text, request.user)
    if kind == "unit":
        return entry.find_row_units(batch, text, batch.effective_on or timezone.localdate())
    if kind == "area":
        return entry.find_row_areas(batch, text)
    raise Http404


def _line_form(request, batch: Batch, form: LineForm, start: entry.EntryStart, *, overwrite: bool) -> HttpResponse:
    """Save what was entered, or show the form, again with everything that is wrong."""
    if request.method == "POST" and form.is_valid() and _enter(request, batch, form, overwrite=overwrite):
        messages.success(request, _("The line of %(code)s is entered.") % {"code": form.cleaned_data["code"]})
        return redirect("dutylist:batch_line", number=batch.number, code=form.cleaned_data["code"])
    rows = form.cleaned_data.get("rows") if form.is_bound else form.initial["rows"]
    shown = rows if rows is not None else start.content["rows"] or []
    title = _("New item") if start.item is None else start.content["name"]
    context = _form_context(batch, title=title) | {
        "form": form, "start": start, "rows": entry.name_rows(shown), "ending": [kind.value for kind in ENDING],
    }  # fmt: skip
    return render(request, "dutylist/line_form.html", context, status=422 if form.errors else 200)


def _enter(request, batch: Batch, form: LineForm, *, overwrite: bool) -> bool:
    """Hand the line to the service; its faults go to their fields."""
    given = {name: form.cleaned_data[name] for name in ("kind", "code", "narrows", "policy", "note")}
    changes = {} if given["kind"] in ENDING else form.content()
    line = services.NewLine(**given, changes=changes, successors=tuple(form.cleaned_data["successors"]))
    try:
        services.set_lines(batch.pk, [line], overwrite=overwrite, by=Actor.staff(request.user), now=timezone.now())
    except services.LineFaults as refusal:
        for fault in refusal.faults:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault.text))
        return False
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _form_context(batch: Batch, *, title: str) -> dict:
    parents = [(_("Duty-list batches"), reverse("dutylist:batches"))]
    parents.append((batch.number, reverse("dutylist:batch", args=[batch.number])))
    return {"title": title, "parents": parents, "batch": batch}


def _find_line(batch: Batch, code: str) -> BatchLine:
    line = lines.get_line(batch, code)
    if line is None:
        raise Http404(_("Batch %(number)s has no line about %(code)s.") % {"number": batch.number, "code": code})
    line.batch = batch
    return line


def _find_draft(request, number: str) -> Batch:
    """Return the batch if its lines may be changed now; raises the reason otherwise."""
    batch = find_batch(request, number)
    if reason := desk.why_not_edit(batch, Actor.staff(request.user)):
        raise NotAllowed(reason)
    return batch

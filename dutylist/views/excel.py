"""Excel in and out: the template, the list to be changed, the import with its faults, what a batch changes."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dutylist.excel.books import lines_book, list_book, template_book
from dutylist.excel.faults import Fault
from dutylist.filters import DutyFilters
from dutylist.models import Batch
from dutylist.selectors.desk import why_not_edit
from dutylist.selectors.workbooks import get_last_import, list_to_change, rows_in_sight
from dutylist.services.workbooks import Imported, WorkbookFaults, import_workbook
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.lists.export import EXPORT_LIMIT, TYPE, download
from shenzhen_gov.core.workbooks import MOST_BYTES

from .guards import duty_desk, find_batch
from .items import DutyList, asked_day


class DutyWorkbook(DutyList):
    """The list as of a day, narrowed like the page, as a workbook that may be changed and imported."""

    filterset_class = DutyFilters

    def get(self, request, *args, **kwargs):
        """Answer with the file."""
        self.check_access()
        versions = _valid(*self._filtered()).select_related("item__narrows").order_by("item__code")
        rows = rows_in_sight(request.user) if request.GET.get("rows") else None
        on = asked_day(request)
        return download(list_book(versions[:EXPORT_LIMIT], on=on, rows=rows), f"duty-list-{on}")


@duty_desk
@require_http_methods(["GET", "POST"])
def batch_import(request, number: str) -> HttpResponse:
    """Show what can be brought in and what the last import said; take a file in."""
    batch = find_batch(request, number)
    if request.method == "GET":
        return _import_page(request, batch)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise BadInput(_("Choose a file."), field="file")
        # One byte more than is taken, so that a larger file is refused without being read to its end.
        done = import_workbook(
            batch.pk,
            file.name,
            file.read(MOST_BYTES + 1),
            mode=request.POST.get("mode", ""),
            by=Actor.staff(request.user),
            now=timezone.now(),
        )
    except WorkbookFaults:
        return redirect("dutylist:batch_import", number)
    except BadInput as refusal:
        return _import_page(request, batch, refusal=refusal, status=refusal.status)
    messages.success(request, _said(done))
    return redirect("dutylist:batch", number)


@duty_desk
@require_GET
def batch_template(request, number: str) -> HttpResponse:
    """Hand out the empty template, with the areas, units and functions of the list's territory to choose from."""
    batch = find_batch(request, number)
    return download(template_book(batch.owner_area, timezone.localdate()), f"duty-list-template-{batch.number}")


@duty_desk
@require_GET
def batch_list(request, number: str) -> HttpResponse:
    """Hand out the list that the batch changes, as it stands: whoever wants to change items starts from it."""
    batch = find_batch(request, number)
    filterset = DutyFilters(request.GET, queryset=list_to_change(batch), request=request)
    rows = rows_in_sight(request.user) if request.GET.get("rows") else None
    book = list_book(_valid(filterset, filterset.qs), on=timezone.localdate(), rows=rows, within=batch.owner_area)
    return download(book, f"duty-list-{batch.owner_area.code}")


@duty_desk
@require_GET
def batch_export(request, number: str) -> HttpResponse:
    """Hand out what the lines of the batch change, field by field."""
    batch = find_batch(request, number)
    return download(lines_book(batch, timezone.localdate()), f"duty-list-batch-{batch.number}")


@duty_desk
@require_GET
def batch_marked(request, number: str) -> FileResponse:
    """Hand out the file of the last import with its faults marked."""
    batch = find_batch(request, number)
    last = get_last_import(batch)
    figures = last.figures if last else {}
    place = figures.get("file")
    if not place or not default_storage.exists(place):
        raise Http404(_("There is no marked-up file of this batch."))
    stem = figures["name"].rpartition(".")[0] or "import"
    name = _("%(name)s-with-faults.xlsx") % {"name": stem}
    return FileResponse(default_storage.open(place), as_attachment=True, filename=name, content_type=TYPE)


def _import_page(request, batch: Batch, *, refusal: BadInput | None = None, status: int = 200) -> HttpResponse:
    last = get_last_import(batch)
    figures = last.figures if last else {}
    shown = [Fault(**fault) for fault in figures.get("faults", ())]
    context = {
        "title": _("Excel"),
        "parents": [(_("Duty-list batches"), reverse("dutylist:batches")),
                    (batch.number, reverse("dutylist:batch", args=[batch.number]))],
        "batch": batch,
        "why_not": why_not_edit(batch, Actor.staff(request.user)),
        "refusal": refusal,
        "last": last,
        "faults": shown,
        "more": figures.get("count", 0) - len(shown),
        "mode": request.POST.get("mode") or figures.get("mode", "overwrite"),
    }  # fmt: skip
    return render(request, "dutylist/import.html", context, status=status)


def _said(done: Imported) -> str:
    """Return what an import did, in words."""
    parts = [
        ngettext("%(count)s line entered", "%(count)s lines entered", done.added) % {"count": done.added},
        _("%(count)s replaced") % {"count": done.changed} if done.changed else "",
        _("%(count)s as before") % {"count": done.unchanged} if done.unchanged else "",
        _("%(count)s items read as the list does and were left out") % {"count": done.equal} if done.equal else "",
        _("%(count)s fields are emptied") % {"count": done.emptied} if done.emptied else "",
    ]
    return ", ".join(part for part in parts if part) + _(".")


def _valid(filterset, rows):
    """Return the rows. Raises BadInput for a filter that is not understood."""
    if not filterset.is_valid():
        name, errors = next(iter(filterset.errors.items()))
        raise BadInput(f"{filterset.form.fields[name].label}: {errors[0]}", field=name)
    return rows

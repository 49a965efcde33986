"""日报, 周报, 月报: the list with what one subscribed to, one report as page, Excel file and PDF."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from analytics import services
from analytics.filters import ReportFilters
from analytics.forms.reports import MakeForm, ScopeForm, SubscribeForm
from analytics.reporting.document import read_document, shown
from analytics.reporting.pdf import report_pdf
from analytics.reporting.workbook import report_workbook
from analytics.selectors import reports as selectors
from analytics.tables_reports import ReportTable
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort
from shenzhen_gov.core.lists.export import download

from .readers import require_reader


class ReportList(ListPage):
    """The reports one may read."""

    title = gettext_lazy("Reports")
    filterset_class = ReportFilters
    table_class = ReportTable
    template_name = "analytics/reports.html"
    sorts = (
        Sort("newest", gettext_lazy("Newest time first"), ("-last", "-id"), column="last"),
        Sort("made", gettext_lazy("Newest made first"), ("-id",), column="made_at"),
    )
    export_name = "reports"
    empty_text = gettext_lazy("No report was made yet")
    empty_hint = gettext_lazy("Make one above, or subscribe: it is then made when its time is over.")
    empty_icon = "docket"

    def check_access(self) -> None:
        """Open to those who read figures."""
        require_reader(self.request.user)

    def get_queryset(self):
        """Return the reports one may read."""
        return selectors.list_reports(self.request.user)

    def get_context(self, **context) -> dict:
        """Add the two forms and one's subscriptions."""
        if self._template() == self.fragment_name:
            return context
        return context | _forms(self.request, list(selectors.areas_to_report(self.request.user)))


@login_required
@require_GET
def report(request, pk: int):
    """Show one report in the language asked for, else in that of the page."""
    found = selectors.get_report(pk, request.user)
    language = _language(request)
    document = read_document(found.content[language])
    sections = [
        (one, _marked(one.rows, one.numeric), _marked([one.columns], one.numeric)[0]) for one in document.sections
    ]
    context = {
        "title": document.title, "parents": [(_("Reports"), reverse("analytics:reports"))], "report": found,
        "document": document, "sections": sections, "language": language,
        "others": [(code, name) for code, name in settings.LANGUAGES if code != language],
        "editions": list(selectors.list_editions(found)),
    }  # fmt: skip
    return render(request, "analytics/report.html", context)


@login_required
@require_GET
def report_file(request, pk: int, form: str):
    """Give a report as a file: xlsx or pdf."""
    found = selectors.get_report(pk, request.user)
    language = _language(request)
    document = read_document(found.content[language])
    name = f"report-{found.kind}-{found.first:%Y%m%d}-{found.pk}-{language}"
    with override(language):
        if form == "xlsx":
            return download(report_workbook(document), name)
        if form == "pdf":
            response = HttpResponse(report_pdf(document), content_type="application/pdf")
            response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
            return response
    raise Http404(_("There is no such form of a report."))


@login_required
@require_POST
def make(request):
    """Make a report on demand, or lead to the one that was made."""
    require_reader(request.user)
    areas = list(selectors.areas_to_report(request.user))
    form = MakeForm(request.POST, user=request.user, areas=areas)
    if form.is_valid():
        kind, day = form.cleaned_data["kind"], form.cleaned_data["day"]
        made = attempt(form, request, services.make_report, kind, form.scope, day)
        if made:
            return redirect("analytics:report", made.pk)
    return _again(request, areas, make_form=form)


@login_required
@require_POST
def make_anew(request, pk: int):
    """Make a further edition of a report from the figures of now."""
    found = selectors.get_report(pk, request.user)
    scope = services.ReportScope(area_id=None if found.unit_id else found.area_id, unit_id=found.unit_id)
    by = Actor.staff(request.user)
    made = services.make_report(found.kind, scope, found.first, anew=True, by=by, now=timezone.now())
    messages.success(request, _("Edition %(number)s is made; the others stay as they were.") % {"number": made.edition})
    return redirect("analytics:report", made.pk)


@login_required
@require_POST
def subscribe(request):
    """Subscribe to a report."""
    require_reader(request.user)
    areas = list(selectors.areas_to_report(request.user))
    form = _subscribe_form(request, areas, request.POST)
    if form.is_valid():
        given = {"language": form.cleaned_data["language"], "by_mail": form.cleaned_data["by_mail"]}
        if attempt(form, request, services.subscribe, form.cleaned_data["kind"], form.scope, **given):
            messages.success(request, _("Subscribed. You are told when it is made."))
            return redirect("analytics:reports")
    return _again(request, areas, subscribe_form=form)


@login_required
@require_POST
def unsubscribe(request, pk: int):
    """End a subscription of one's own."""
    services.unsubscribe(pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The subscription is ended."))
    return redirect("analytics:reports")


def _marked(rows, numeric) -> list[list[tuple[str, bool]]]:
    """Return the cells as people read them, and whether each is a number."""
    return [[(shown(cell), place in numeric) for place, cell in enumerate(row)] for row in rows]


def _language(request) -> str:
    """Return the language of the report: the one asked for, where there is one, else that of the page."""
    asked = request.GET.get("in", "")
    known = dict(settings.LANGUAGES)
    return next((code for code in (asked, get_language()) if code in known), settings.LANGUAGE_CODE)


def _forms(
    request, areas: list[Area], make_form: ScopeForm | None = None, subscribe_form: ScopeForm | None = None
) -> dict:
    yesterday = timezone.localdate() - timedelta(days=1)
    return {
        "make_form": make_form or MakeForm(user=request.user, areas=areas, initial={"day": yesterday}),
        "subscribe_form": subscribe_form or _subscribe_form(request, areas),
        "subscriptions": selectors.list_subscriptions(request.user),
    }


def _subscribe_form(request, areas: list[Area], data=None) -> SubscribeForm:
    initial = {"language": get_language()}
    return SubscribeForm(data, user=request.user, areas=areas, initial=initial, auto_id="subscribe_%s")


def _again(request, areas: list[Area], **forms):
    """Show a form with what is wrong in it; what was typed stays."""
    context = {"title": _("Reports"), "parents": [], **_forms(request, areas, **forms)}
    return render(request, "analytics/report_again.html", context, status=422)

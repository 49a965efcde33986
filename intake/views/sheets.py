"""Registering the requests of a hall or a meeting from one table: try it, register it, get it back marked up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from intake.forms.sheets import SheetForm
from intake.models import Channel
from intake.services.sheets import SheetOutcome, register_sheet
from intake.sheets.reading import read_rows
from intake.sheets.writing import marked, template
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.lists.export import download
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.workbooks import MOST_BYTES

from .guards import for_agents

CHECK, REGISTER, MARKED = "check", "register", "marked"
SHOWN = 200


@for_agents
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Take a table: `do` says whether it is only checked, registered, or sent back marked up."""
    form = SheetForm(request.POST or None, request.FILES or None)
    outcome, asked = None, request.POST.get("do", CHECK)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = _take(request, form.cleaned_data, dry=asked != REGISTER)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    if outcome is not None and asked == MARKED:
        return download(marked(outcome.rows), "requests-marked")
    context = {
        "title": _("Register from a table"),
        "parents": [(_("Register a request"), reverse("intake:register"))],
        "form": form,
        "outcome": outcome,
        "is_dry": asked != REGISTER,
        "faulty": outcome.faulty[:SHOWN] if outcome else [],
        "made": outcome.made[:SHOWN] if outcome else [],
    }
    wrong = form.errors or (outcome is not None and outcome.faulty and not outcome.written)
    return render(request, "intake/sheet.html", context, status=422 if wrong else 200)


@for_agents
@require_GET
def sheet_template(request: HttpRequest) -> HttpResponse:
    """Hand out the empty table."""
    return download(template(), "requests-template")


def _take(request: HttpRequest, given: dict, *, dry: bool) -> SheetOutcome:
    now, file = timezone.now(), given["file"]
    channel = Channel.objects.get(code=given["channel"])
    rows = read_rows(
        file.name,
        file.read(MOST_BYTES + 1),
        channel=channel.code,
        default_type=channel.default_type,
        most=get_parameter("sheet.most_rows", timezone.localdate(now)),
    )
    return register_sheet(rows, mode=given["mode"], dry=dry, by=Actor.staff(request.user), now=now)

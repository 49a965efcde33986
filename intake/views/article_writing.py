"""Writing articles and the steps of their review."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grid.access import holding
from grid.choices import Act
from intake.forms.knowledge import ArticleForm, CorrectionAnswerForm, OpinionForm
from intake.selectors import articles as selectors
from intake.services import article_care, knowledge
from intake.workflow import ARTICLE_DRAFT
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight
from shenzhen_gov.core.form_steps import attempt, version_number

from .knowledge import find_article, parents_of, show_article

for_editors = holding(Act.EDIT_KNOWLEDGE, Act.REVIEW_KNOWLEDGE)


@for_editors
@require_http_methods(["GET", "POST"])
def article_new(request: HttpRequest) -> HttpResponse:
    """Write a new article."""
    units = selectors.units_to_own(request.user)
    if not units:
        raise NotAllowed(_("Articles are written by: %(act)s.") % {"act": Act.EDIT_KNOWLEDGE.label})
    form = ArticleForm(request.POST or None, units=units, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        unit_id = int(form.cleaned_data["unit"])
        if made := attempt(form, request, knowledge.create_article, form.get_text(), unit_id=unit_id):
            messages.success(request, _("Kept as a draft; submit it when it is ready."))
            return redirect("intake:article", code=made.article.code)
    context = {"title": _("Write an article"), "parents": parents_of(), "form": form, "article": None}
    return render(request, "intake/article_form.html", context, status=422 if form.errors else 200)


@for_editors
@require_http_methods(["GET", "POST"])
def article_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the draft of an article; without one under way a change is begun first, by POST."""
    found = find_article(request, code)
    page = selectors.get_article_page(found, request.user, None, timezone.localdate())
    draft = page.work if page else None
    if page is None or draft is None or draft.state != ARTICLE_DRAFT:
        return redirect("intake:article", code=code)
    if not page.is_owner:
        raise NotAllowed(page.shut or "")
    form = ArticleForm(request.POST) if request.method == "POST" else ArticleForm.of_version(draft)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["row_version"]
        if attempt(form, request, knowledge.edit_draft, draft.pk, form.get_text(), row_version=seen):
            messages.success(request, _("The draft is kept."))
            return redirect("intake:article", code=code)
    context = {"title": _("Edit the draft"), "parents": parents_of(found), "form": form, "article": found}
    return render(request, "intake/article_form.html", context, status=422 if form.errors else 200)


@for_editors
@require_POST
def article_change(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a change of an article and go on to edit it."""
    found = find_article(request, code)
    knowledge.start_draft(found.pk, by=Actor.staff(request.user), now=timezone.now())
    return redirect("intake:article_edit", code=code)


@for_editors
@require_POST
def article_step(request: HttpRequest, code: str) -> HttpResponse:
    """Take one step of an article's life."""
    found = find_article(request, code)
    number = version_number(request.POST.get("version"))
    page = selectors.get_article_page(found, request.user, number, timezone.localdate())
    if page is None:
        raise OutOfSight(_("Not found."))
    form = OpinionForm(request.POST)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("move", "opinion", "row_version")}
        if moved := attempt(form, request, knowledge.move_article, page.shown.pk, **given):
            messages.success(request, _("Recorded: %(state)s.") % {"state": moved.get_state_display()})
            return redirect("intake:article", code=code)
    return show_article(request, find_article(request, code), opinion=form, number=page.shown.number)


@for_editors
@require_POST
def correction_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Answer a report of a mistake: taken up it leads to the draft."""
    found, form = find_article(request, code), CorrectionAnswerForm(request.POST)
    if not form.is_valid():
        raise BadInput(str(next(iter(form.errors.values()))[0]))
    draft = article_care.answer_correction(pk, **form.cleaned_data, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("Answered."))
    is_draft = draft is not None and draft.state == ARTICLE_DRAFT
    return redirect("intake:article_edit" if is_draft else "intake:article", code=found.code)

"""知识库: looking something up, the list of its editors, one article, writing it, the steps of its review."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from grid.access import grants_of, holding, holds, require_any
from grid.choices import Act
from intake.forms.knowledge import CorrectionForm, OpinionForm
from intake.models import Article
from intake.selectors import articles as selectors
from intake.selectors import search_articles
from intake.services import article_care
from intake.tables_knowledge import ARTICLE_TONES, ArticleTable
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.form_steps import attempt, version_number
from shenzhen_gov.core.lists import ListPage, Sort

FOUND = 20
TABS = (
    (selectors.REVIEW, gettext_lazy("To review")),
    (selectors.WORK, gettext_lazy("Drafts")),
    (selectors.ONLINE, gettext_lazy("Online")),
    (selectors.EXPIRING, gettext_lazy("Expiring soon")),
    (selectors.WRONG, gettext_lazy("Mistakes reported")),
    (selectors.ENDED, gettext_lazy("Offline")),
)
for_editors = holding(Act.EDIT_KNOWLEDGE, Act.REVIEW_KNOWLEDGE)


class ArticleList(ListPage):
    """Articles in sight, in tabs, for those who keep them."""

    title = gettext_lazy("Keeping the knowledge base")
    table_class = ArticleTable
    template_name = "intake/articles.html"
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="entered_at"),
        Sort("used", gettext_lazy("Most used first"), ("-article__uses", "-id"), column="uses"),
        Sort("expiring", gettext_lazy("Ending soonest first"), ("expires_on", "id"), column="expires_on"),
    )
    row_css = "two"
    export_name = "articles"
    empty_text = gettext_lazy("No article here")
    empty_hint = gettext_lazy("An article is written by an editor and put online by somebody else.")
    empty_icon = "book"

    def check_access(self) -> None:
        """Open to who writes or reviews articles."""
        require_any(self.request.user, *selectors.EDITS, or_superuser=True)

    @property
    def tab(self) -> str:
        """Return the tab that is open: what waits for a reviewer first, else what is online."""
        asked = self.request.GET.get("tab", "")
        if asked in dict(TABS):
            return asked
        return selectors.REVIEW if Act.REVIEW_KNOWLEDGE in grants_of(self.request.user).acts() else selectors.ONLINE

    def get_queryset(self):
        """Return the articles of the tab."""
        return selectors.list_versions(self.request.user, self.tab, timezone.localdate())

    def get_context(self, **context) -> dict:
        """Add the tabs and how many wait in them."""
        counts = selectors.count_tabs(self.request.user, timezone.localdate())
        tabs = [(code, label, counts.get(code)) for code, label in TABS]
        return context | {"tabs": tabs, "tab": self.tab, "may_write": holds(self.request.user, Act.EDIT_KNOWLEDGE)}


@login_required
@require_GET
def reader(request: HttpRequest) -> HttpResponse:
    """Look something up: what fits the words, best first; without words what is used most."""
    text, today = request.GET.get("q", "").strip()[:200], timezone.localdate()
    context = {
        "title": _("Knowledge base"),
        "text": text,
        "found": search_articles(text, on=today, limit=FOUND) if text else [],
        "most_used": [] if text else selectors.most_used(today),
        "keeps": any(holds(request.user, act) for act in selectors.EDITS),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    response = render(request, "intake/_reader_list.html" if is_part else "intake/reader.html", context)
    response["Vary"] = "HX-Request, Cookie"
    return response


@login_required
@require_GET
def article(request: HttpRequest, code: str) -> HttpResponse:
    """Show an article: the version asked for, else the one that matters now."""
    return show_article(request, find_article(request, code))


@login_required
@require_POST
def article_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is wrong with an article."""
    found, form = find_article(request, code), CorrectionForm(request.POST)
    made = None
    if form.is_valid():
        given = (found.live_id or 0, form.cleaned_data["text"])
        made = attempt(form, request, article_care.raise_correction, *given)
    if made:
        messages.success(request, _("Thank you: the owner of the article answers it."))
        return redirect("intake:article", code=code)
    return show_article(request, found, correction=form)


def show_article(
    request: HttpRequest,
    found: Article,
    opinion: OpinionForm | None = None,
    correction: CorrectionForm | None = None,
    number: int | None = None,
) -> HttpResponse:
    """Show the page of an article, with a form that was refused and the version looked at."""
    number = number or version_number(request.GET.get("version"))
    page = selectors.get_article_page(found, request.user, number, timezone.localdate())
    if page is None:
        raise OutOfSight(_("Not found."))
    context = {
        "title": page.shown.title,
        "parents": parents_of(),
        "page": page,
        "article": found,
        "shown": page.shown,
        "tone": ARTICLE_TONES[page.shown.state],
        "opinion": opinion or OpinionForm(initial={"row_version": page.shown.row_version}),
        "correction": correction or CorrectionForm(),
        "may_correct": bool(grants_of(request.user).rows) and page.shown.pk == found.live_id,
    }
    wrong = (opinion is not None and opinion.errors) or (correction is not None and correction.errors)
    return render(request, "intake/article.html", context, status=422 if wrong else 200)


def find_article(request: HttpRequest, code: str) -> Article:
    """Return the article with this code that the user may read; any other is not found."""
    found = selectors.get_article(request.user, code)
    if found is None:
        raise OutOfSight(_("Not found."))
    return found


def parents_of(found: Article | None = None) -> list[tuple[str, str]]:
    """Return what stands above the title."""
    parents = [(_("Knowledge base"), reverse("intake:reader"))]
    return [*parents, (found.code, reverse("intake:article", args=[found.code]))] if found else parents

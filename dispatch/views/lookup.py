"""Finding cases, and the fragment that says where a case is now."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dispatch import selectors
from intake.selectors import find_cases
from intake.workflow import AWAITING_DISPATCH
from shenzhen_gov.core.crypto import Undecryptable, decrypt, encrypt

LONGEST_TEXT = 120
SEALED_FOR = "search"


@login_required
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Go to the case with this number, or list what fits the words.

    What is searched for may be somebody's name or number, and addresses are logged: the box sends it by POST, and the
    page that is shown carries it sealed (`t`). A text in the open (`q`) is never looked up as a phone number.
    """
    is_open = "q" in request.GET
    text = (request.POST or request.GET).get("q") or _unsealed(request.GET.get("t", ""))
    text = text.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:LONGEST_TEXT]
    request.search_text = text  # type: ignore[attr-defined]  # the box of the page shows it again
    before = request.GET.get("before", "")
    if text and not before and (found := selectors.find_by_number(request.user, text)):
        return redirect("dispatch:case", number=found.number)
    if request.method == "POST":
        return redirect(f"{reverse('dispatch:search')}?{urlencode({'t': _sealed(text)})}")
    result = find_cases(request.user, text, before=_id(before), may_be_phone=not is_open)
    context = {"title": _("Search"), "found": result, "sealed": _sealed(text), "is_further": bool(before)}
    return render(request, "dispatch/search.html", context)


@login_required
@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Answer where a case is now; the fragment asks again by itself until the case is dispatched or at a desk."""
    case = selectors.get_case(request.user, number)
    page = selectors.get_case_page(request.user, case, timezone.now())
    waits = case.state == AWAITING_DISPATCH and not case.awaits_person
    return render(request, "dispatch/_progress.html", {"page": page, "case": case, "now": page.now, "waits": waits})


def _sealed(text: str) -> str:
    return urlsafe_b64encode(encrypt(text, SEALED_FOR)).decode() if text else ""


def _unsealed(token: str) -> str:
    """Return the text; empty for what was not sealed here."""
    try:
        return decrypt(urlsafe_b64decode(token), SEALED_FOR) if token else ""
    except (ValueError, Undecryptable):
        return ""


def _id(text: str) -> int | None:
    """Return where the next page begins, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

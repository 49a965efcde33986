"""The page on which a dispatcher takes a request about several matters apart."""

from __future__ import annotations

import re
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dispatch import forms, selectors, services
from grid.access import holding
from grid.choices import Act
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.texts import joined

AT_PART = re.compile(r"part-(\d)-(\w+)")


@holding(Act.DISPATCH_CASE)
@require_http_methods(["GET", "POST"])
def split(request, pk: int):
    """Show what a request could be taken apart into, and split it; the first part then lies before the dispatcher."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    by, now = Actor.staff(request.user), timezone.now()
    if request.method == "GET":
        services.claim_case(found.pk, by=by, now=now)
        return _show(request, found, _proposed(request, found), key=uuid.uuid4().hex)
    form_set = forms.SplitForms(request.POST, prefix="part", form_kwargs=_choices(request, found))
    key = request.POST.get("key", "")
    if not form_set.is_valid():
        return _show(request, found, form_set, key=key, status=422)
    filled = form_set.filled()
    try:
        cases = services.split_case(found.pk, [form.part() for form in filled], key=key, by=by, now=now)
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        _put(refusal, filled, form_set)
        return _show(request, found, form_set, key=key, status=refusal.status)
    numbers = joined(case.number for case in cases[1:])
    text = _("%(number)s was split; the other parts are %(numbers)s and go their own ways.")
    messages.success(request, text % {"number": found.number, "numbers": numbers})
    return redirect(f"{reverse('dispatch:unmatched')}?case={found.number}")


def _show(request, case: Case, form_set, *, key: str, status: int = 200) -> HttpResponse:
    context = {
        "case": case, "forms": form_set, "key": key, "title": _("Split into several cases"),
        "parents": [(_("Dispatch desk"), reverse("dispatch:unmatched"))],
    }  # fmt: skip
    return render(request, "dispatch/split.html", context, status=status)


def _proposed(request, case: Case):
    """Return the forms with the matters that the text seems to name; what fits the whole comes first in the first."""
    parts = selectors.propose_parts(case, timezone.localdate())
    initial = [{"content": part.content, "item": part.item, "area": ""} for part in parts]
    if case.item is not None:
        initial[0]["item"] = case.item.code
    return forms.SplitForms(prefix="part", initial=initial, form_kwargs=_choices(request, case))


def _choices(request, case: Case) -> dict:
    """Return the items and areas to choose from; also those that were chosen before the page was sent."""
    day = timezone.localdate()
    items = {case.item.code: case.item_version.path_text} if case.item and case.item_version else {}
    texts = [*selectors.cut_apart(case.content), case.content]
    texts += [text[:1000] for name, text in request.POST.items() if name.endswith("-content") and text.strip()][:5]
    for text in texts:
        items |= dict(selectors.find_items(text.replace("\x00", ""), day))
    return {"items": list(items.items()), "areas": selectors.get_part_areas(request.user, case)}


def _put(refusal: Refused, filled: list, form_set) -> None:
    """Show a refusal at the field of its part, else above all of them."""
    match = AT_PART.fullmatch(refusal.field or "")
    if match and int(match[1]) <= len(filled):
        form = filled[int(match[1]) - 1]
        return form.add_error(match[2] if match[2] in form.fields else None, str(refusal))
    form_set._non_form_errors.append(str(refusal))
    return None

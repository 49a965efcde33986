"""Writing a dispatch rule: one form with its conditions as rows; what is wrong stands at its row."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dispatch import services
from dispatch.forms.rules import BLANK_ROWS, ConditionRows, RuleForm, condition_rows
from dispatch.models import Rule, RuleVersion
from dispatch.rules.conditions import LEAVES, RowError
from dispatch.rules.entering import rows_of
from dispatch.rules.fields import ALLOWED, FIELDS
from dispatch.selectors import rules as selectors
from dispatch.selectors.rule_values import look_up, names_in
from dispatch.workflow import RULE_DRAFT
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused

from .rules import find_rule, for_readers, parents_of

FIRST_PRIORITY = 100


@for_readers
@require_http_methods(["GET", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    """Write a new rule."""
    areas = selectors.areas_to_keep(request.user)
    if not areas:
        raise NotAllowed(_("Rules are written by: %(act)s.") % {"act": Act.EDIT_RULES.label})
    given: dict[str, Any] = {"look_up": _look_up(), "areas": areas}
    initial = {"valid_from": timezone.localdate(), "priority": FIRST_PRIORITY}
    form = RuleForm(request.POST or None, initial=initial, **given)
    rows = condition_rows(request.POST or None, look_up=given["look_up"])
    if _is_sent(request) and (made := _save(request, form, rows, services.create_rule, area_id="area")):
        messages.success(request, _("Kept as a draft; submit it when it is ready."))
        return redirect("dispatch:rule", code=made.rule.code)
    return _show(request, form, rows, None)


@for_readers
@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the draft of a rule; without one under way a change is begun first, by POST."""
    found = find_rule(request, code)
    page = selectors.get_rule_page(found, request.user, None, timezone.now())
    draft = page.work if page else None
    if page is None or draft is None or draft.state != RULE_DRAFT:
        return redirect("dispatch:rule", code=code)
    if not page.may_edit:
        raise NotAllowed(_("Rules are written by: %(act)s.") % {"act": Act.EDIT_RULES.label})
    form, rows = _forms_of(request, draft)
    if _is_sent(request):
        seen = form.data.get("row_version", "")
        version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else None
        saved = _save(request, form, rows, partial(services.edit_rule, draft.pk, row_version=version))
        if saved:
            messages.success(request, _("The draft is kept."))
            return redirect("dispatch:rule", code=code)
    return _show(request, form, rows, found)


def _forms_of(request: HttpRequest, draft: RuleVersion) -> tuple[RuleForm, ConditionRows]:
    names = names_in([draft.condition], [draft.outcome.get("item", "")])
    unit = draft.outcome.get("unit")
    initial = RuleForm.initial_of(draft, names, selectors.unit_called(unit) if unit else "")
    form = RuleForm(request.POST or None, initial=initial, look_up=_look_up())
    _mode, kept = rows_of(draft.condition, names)
    return form, condition_rows(request.POST or None, look_up=_look_up(), rows=kept)


def _save(request: HttpRequest, form: RuleForm, rows: ConditionRows, service, **more) -> RuleVersion | None:
    """Call the service with what was entered; a refusal goes to its field or row, and None is returned."""
    if not (form.is_valid() & rows.is_valid()):
        return None
    text, sources = form.get_text(rows)
    given = {name: form.cleaned_data[field] for name, field in more.items()}
    try:
        return service(text, **given, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except RowError as wrong:
        sources[wrong.row].add_error(wrong.field if wrong.field in sources[wrong.row].fields else "value", str(wrong))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return None


def _show(request: HttpRequest, form: RuleForm, rows: ConditionRows, found: Rule | None) -> HttpResponse:
    if request.method == "POST" and not _is_sent(request):
        form, rows = _unjudged(request, form, rows)
    context = {
        "title": _("Edit the draft") if found else _("Write a rule"),
        "parents": parents_of(found),
        "form": form,
        "rows": rows,
        "rule": found,
        "operators": {field.code: " ".join(ALLOWED[field.kind]) for field in FIELDS.values()},
    }
    is_wrong = _is_sent(request) and (form.errors or any(rows.errors) or rows.non_form_errors())
    return render(request, "dispatch/rule_form.html", context, status=422 if is_wrong else 200)


def _unjudged(request: HttpRequest, form: RuleForm, rows: ConditionRows) -> tuple[RuleForm, ConditionRows]:
    """Return the forms as they were typed, with more blank rows and without errors: only rows were asked for."""
    typed = request.POST.copy()
    total = int(rows.management_form.cleaned_data.get("TOTAL_FORMS") or 0) if rows.management_form.is_valid() else 0
    typed["rows-TOTAL_FORMS"] = str(min(total + BLANK_ROWS, LEAVES))
    for name in ("group", "field", "op", "value"):
        for place in range(total, total + BLANK_ROWS):
            typed.setdefault(f"rows-{place}-{name}", str(min(place + 1, LEAVES)) if name == "group" else "")
    again = condition_rows(typed, look_up=rows.form_kwargs["look_up"])
    form.errors.clear()
    again.is_valid()
    for row in again.forms:
        row.errors.clear()
    return form, again


def _is_sent(request: HttpRequest) -> bool:
    """Whether the rule was sent, not only more rows asked for."""
    return request.method == "POST" and "more" not in request.POST


def _look_up():
    """Return what finds the codes of typed words as of today."""
    today = timezone.localdate()
    return lambda field, text: look_up(field, text, today)

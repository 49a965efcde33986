"""Dispatch rules: their list, one rule with its versions, the steps of its life, its replay, its alarms."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dispatch import services
from dispatch.forms.rules import RuleReplayForm, RuleStepForm
from dispatch.models import Rule, RuleVersion
from dispatch.selectors import rules as selectors
from dispatch.selectors.rule_values import suggest_values
from dispatch.tables_rules import RuleTable, state_chip
from dispatch.wake import wake_up_replays
from grid.access import holds, require_any
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.form_steps import attempt, version_number
from shenzhen_gov.core.lists import ListPage, Sort

TABS = (
    (selectors.LIVE, pgettext_lazy("rule", "Published")),
    (selectors.REVIEW, pgettext_lazy("rule", "To publish")),
    (selectors.WORK, gettext_lazy("Drafts")),
    (selectors.ENDED, gettext_lazy("Ended")),
)


def for_readers(view):
    """Let in who works with rules: writes, publishes, or dispatches under them."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        require_reader(request.user)
        return view(request, *args, **kwargs)

    return guarded


def require_reader(user) -> None:
    """Raise NotAllowed for people whose work has nothing to do with rules."""
    require_any(user, *selectors.READERS, or_superuser=True)


class RuleList(ListPage):
    """Rules in tabs, with the alarms of those that fail above them."""

    title = gettext_lazy("Dispatch rules")
    table_class = RuleTable
    template_name = "dispatch/rules.html"
    sorts = (
        Sort("priority", gettext_lazy("First to decide first"), ("priority", "id"), column="priority"),
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="edited_at"),
        Sort("hits", gettext_lazy("Most hits first"), ("-hits", "id"), column="hits"),
    )
    row_css = "two"
    export_name = "dispatch-rules"
    empty_text = gettext_lazy("No rule here")
    empty_hint = gettext_lazy("A rule is written by an editor and published by somebody else after a replay.")
    empty_icon = "rules"

    def check_access(self) -> None:
        """Open to who works with rules."""
        require_reader(self.request.user)

    @property
    def tab(self) -> str:
        """Return the tab that is open."""
        asked = self.request.GET.get("tab", "")
        return asked if asked in dict(TABS) else selectors.LIVE

    def get_queryset(self):
        """Return the rules of the tab."""
        return selectors.list_rules(self.request.user, self.tab, timezone.localdate())

    def get_context(self, **context) -> dict:
        """Add the tabs, how many wait in them, and the alarms."""
        user = self.request.user
        counts = selectors.count_tabs(user)
        return context | {
            "tabs": [(code, label, counts.get(code)) for code, label in TABS],
            "tab": self.tab,
            "alarms": selectors.list_alarms(user),
            "may_edit": holds(user, Act.EDIT_RULES),
            "may_publish": holds(user, Act.PUBLISH_RULES),
        }


@for_readers
@require_GET
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Show a rule: the version asked for, else the one that matters now."""
    return show_rule(request, find_rule(request, code))


@for_readers
@require_POST
def rule_change(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a change of a rule and go on to edit it."""
    services.start_rule_change(find_rule(request, code).pk, by=Actor.staff(request.user), now=timezone.now())
    return redirect("dispatch:rule_edit", code=code)


@for_readers
@require_POST
def rule_step(request: HttpRequest, code: str) -> HttpResponse:
    """Take one step of a rule's life."""
    found, form = find_rule(request, code), RuleStepForm(request.POST)
    version = find_version(found, version_number(request.POST.get("version")))
    if form.is_valid() and (moved := attempt(form, request, services.move_rule, version.pk, **form.cleaned_data)):
        transaction.on_commit(wake_up_replays, robust=True)
        messages.success(request, _("Recorded: %(state)s.") % {"state": moved.get_state_display()})
        return redirect("dispatch:rule", code=code)
    return show_rule(request, found, step=form, number=version.number)


@for_readers
@require_http_methods(["GET", "POST"])
def rule_replay(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show the replay of a version as a part of its page; by POST ask for it."""
    found = find_rule(request, code)
    version = find_version(found, number)
    page = selectors.get_rule_page(found, request.user, version.number, timezone.now())
    if page is None:
        raise OutOfSight(_("Not found."))
    error = ""
    if request.method == "POST":
        form = RuleReplayForm(request.POST)
        error = "" if form.is_valid() else _("Choose 30 or 90 days.")
        if not error:
            attempt(form, request, services.ask_rule_replay, version.pk, **form.cleaned_data)
            transaction.on_commit(wake_up_replays, robust=True)
        error = error or " ".join(str(one) for one in form.non_field_errors())
        if not error and not getattr(request, "htmx", None):
            return redirect(f"{reverse('dispatch:rule', args=[code])}?version={version.number}")
    context = {"rule": found, "shown": version, "replay": selectors.get_replay(version), "error": error}
    status = 422 if error and not getattr(request, "htmx", None) else 200
    return render(request, "dispatch/_rule_replay.html", context | {"page": page}, status=status)


@for_readers
@require_GET
def rule_values(request: HttpRequest) -> HttpResponse:
    """Answer what a value may become, as options of the list behind the control."""
    given = {name: request.GET.get(name, "")[:600] for name in ("field", "op", "value")}
    options = suggest_values(given["field"], given["op"], given["value"], timezone.localdate())
    return render(request, "dispatch/_rule_values.html", {"options": options})


@for_readers
@require_POST
def rule_alarm_clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an alarm was seen to."""
    services.clear_rule_alarm(pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The alarm is done with; it comes back when the rule fails again."))
    return redirect("dispatch:rules")


def show_rule(
    request: HttpRequest, found: Rule, step: RuleStepForm | None = None, number: int | None = None
) -> HttpResponse:
    """Show the page of a rule, with a step that was refused and the version looked at."""
    number = number or version_number(request.GET.get("version"))
    page = selectors.get_rule_page(found, request.user, number, timezone.now())
    if page is None:
        raise OutOfSight(_("Not found."))
    context = {
        "title": page.shown.name,
        "is_sample": found.is_sample,
        "parents": parents_of(),
        "page": page,
        "rule": found,
        "shown": page.shown,
        "state": state_chip(page.shown),
        "replay": page.replay,
        "step": step or RuleStepForm(initial={"row_version": page.shown.row_version}),
    }
    return render(request, "dispatch/rule.html", context, status=422 if step is not None and step.errors else 200)


def find_rule(request: HttpRequest, code: str) -> Rule:
    """Return the rule with this code that the user reads; any other is not found."""
    found = selectors.get_rule(request.user, code)
    if found is None:
        raise OutOfSight(_("Not found."))
    return found


def find_version(found: Rule, number: int | None) -> RuleVersion:
    """Return a version of a rule; any other is not found."""
    version = found.versions.filter(number=number or 0).first()
    if version is None:
        raise OutOfSight(_("Not found."))
    version.rule = found
    return version


def parents_of(found: Rule | None = None) -> list[tuple[str, str]]:
    """Return what stands above the title."""
    parents = [(_("Dispatch rules"), reverse("dispatch:rules"))]
    return [*parents, (found.code, reverse("dispatch:rule", args=[found.code]))] if found else parents

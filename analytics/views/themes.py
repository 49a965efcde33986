"""专项治理: the themes, one with its effect, plan, reviews and what is linked; proposing one and moving it on."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from analytics import services
from analytics.filters import ThemeFilters
from analytics.forms.themes import EndForm, NumberForm, ReviewForm, StepForm, ThemeForm, codes_of
from analytics.models import EarlyWarning, SpecialTheme
from analytics.selectors import themes as selectors
from analytics.selectors.theme_picks import area_named, items_named
from analytics.tables_reports import ThemeTable, theme_chip
from analytics.workflow import JUDGE, THEME
from grid.access import grants_of, holds, lacking, visible_to, why_not
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort

HALF_A_YEAR = timedelta(days=182)


def _require_reader(user) -> None:
    """Let in who reads figures, judges warnings or handles cases somewhere."""
    if not (user.is_superuser or grants_of(user).acts().intersection(selectors.READERS)):
        raise lacking(*selectors.READERS)


class ThemeList(ListPage):
    """The themes one may read."""

    title = gettext_lazy("Special themes")
    filterset_class = ThemeFilters
    table_class = ThemeTable
    template_name = "analytics/themes.html"
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="title"),
        Sort("target", gettext_lazy("By the day of the target"), ("target_on", "id"), column="target_on"),
    )
    export_name = "special-themes"
    empty_text = gettext_lazy("No special theme yet")
    empty_hint = gettext_lazy("Propose one where a kind of case keeps coming back, or from an early warning.")
    empty_icon = "flag"

    def check_access(self) -> None:
        """Open to readers of themes."""
        _require_reader(self.request.user)

    def get_queryset(self):
        """Return the themes one may read."""
        return selectors.list_themes(self.request.user)

    def get_context(self, **context) -> dict:
        """Say whether one may propose a theme."""
        return context | {"may_open": holds(self.request.user, JUDGE)}


@login_required
@require_GET
def theme(request, pk: int):
    """Show a theme."""
    return _page(request, selectors.get_theme(pk, request.user))


@login_required
@require_http_methods(["GET", "POST"])
def theme_new(request):
    """Propose a theme; an address may bring a warning, an area and a duty item along."""
    if not holds(request.user, JUDGE):
        raise NotAllowed(_("Special themes are proposed by who judges early warnings."))
    form = ThemeForm(request.POST or None, user=request.user, initial=_prefilled(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, request, services.open_theme, form.given())
        if made:
            messages.success(request, _("Proposed. Write its plan, and start it."))
            return redirect("analytics:theme", made.pk)
    context = {
        "form": form, "title": _("Propose a special theme"), "parents": _parents(),
        "warning": _warning(request, form["warning"].value()),
        "area_words": area_named(str(form["area"].value() or ""), request.user),
        "items_picked": items_named(codes_of(str(form["items"].value() or "")), request.user),
    }  # fmt: skip
    return render(request, "analytics/theme_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def theme_move(request, pk: int):
    """Start a theme, or end it."""
    found, form = selectors.get_theme(pk, request.user), EndForm(request.POST)
    done = attempt(form, request, services.move_theme, pk, **form.cleaned_data) if form.is_valid() else None
    if done:
        messages.success(request, _("Done."))
        return redirect("analytics:theme", pk)
    return _page(request, found, end_form=form)


@login_required
@require_POST
def theme_step(request, pk: int):
    """Write a step into the plan."""
    found, form = selectors.get_theme(pk, request.user), StepForm(request.POST)
    done = (
        attempt(form, request, services.add_step, pk, services.NewStep(**form.cleaned_data))
        if form.is_valid()
        else None
    )
    if done:
        return redirect("analytics:theme", pk)
    return _page(request, found, step_form=form)


@login_required
@require_POST
def theme_step_done(request, pk: int, step: int):
    """Tick a step off."""
    selectors.get_theme(pk, request.user)
    services.do_step(step, by=Actor.staff(request.user), now=timezone.now())
    return redirect("analytics:theme", pk)


@login_required
@require_POST
def theme_case(request, pk: int):
    """Link a case."""
    found, form = selectors.get_theme(pk, request.user), NumberForm(request.POST)
    done = attempt(form, request, services.link_case, pk, form.cleaned_data["number"]) if form.is_valid() else None
    if done:
        return redirect("analytics:theme", pk)
    return _page(request, found, case_form=form)


@login_required
@require_POST
def theme_case_out(request, pk: int, case: int):
    """Take a linked case out again."""
    selectors.get_theme(pk, request.user)
    services.unlink_case(pk, case, by=Actor.staff(request.user), now=timezone.now())
    return redirect("analytics:theme", pk)


@login_required
@require_POST
def theme_batch(request, pk: int):
    """Link a batch of changes of the duty list."""
    found, form = selectors.get_theme(pk, request.user), NumberForm(request.POST)
    done = attempt(form, request, services.link_batch, pk, form.cleaned_data["number"]) if form.is_valid() else None
    if done:
        return redirect("analytics:theme", pk)
    return _page(request, found, batch_form=form)


@login_required
@require_POST
def theme_review(request, pk: int, review: int):
    """Write the review of a month."""
    found, form = selectors.get_theme(pk, request.user), ReviewForm(request.POST)
    done = attempt(form, request, services.write_review, review, form.cleaned_data["text"]) if form.is_valid() else None
    if done:
        messages.success(request, _("The review is written."))
        return redirect("analytics:theme", pk)
    return _page(request, found, review_form=form, review_id=review)


def _page(request, found: SpecialTheme, **forms):
    """Show a theme; a form with errors comes in place of an empty one."""
    today, by = timezone.localdate(), Actor.staff(request.user)
    effect = selectors.effect_of(found, today)
    context = (
        {
            "title": found.title,
            "parents": _parents(),
            "theme": found,
            "chip": theme_chip(found),
            "items": selectors.items_of(found, today),
            "effect": effect,
            "progress": selectors.progress_of(found, effect),
            "steps": list(found.steps.all()),
            "reviews": list(found.reviews.all()),
            "cases": selectors.linked_cases(found, request.user),
            "batches": list(visible_to(found.batches.all(), request.user)),
            "today": today,
            "offers": THEME.offers(found, lambda move: why_not(by, move.acts, found)),
        }
        | {f"may_{move}": _may(move, found, by) for move in ("change", "plan", "report")}
        | _empty_forms()
        | forms
    )
    is_wrong = any(form.errors for name, form in forms.items() if name != "review_id")
    return render(request, "analytics/theme.html", context, status=422 if is_wrong else 200)


def _empty_forms() -> dict:
    return {
        "end_form": EndForm(),
        "step_form": StepForm(auto_id="step_%s"),
        "case_form": NumberForm(auto_id="case_%s"),
        "batch_form": NumberForm(auto_id="batch_%s"),
        "review_form": ReviewForm(auto_id="review_%s"),
    }


def _may(move: str, found: SpecialTheme, by: Actor) -> bool:
    return THEME.why_not(move, found) is None and why_not(by, THEME.moves[move].acts, found) is None


def _prefilled(request) -> dict:
    """Return what the address brings along; the unit in charge is that of who proposes."""
    today = timezone.localdate()
    given = {"started_on": today, "target_on": today + HALF_A_YEAR, "target_value": 20}
    warning = _warning(request, request.GET.get("warning"))
    if warning:
        given |= {"warning": warning.pk, "title": warning.name[:120], "area": warning.area_id}
        given |= {"items": warning.item.code} if warning.item else {}
        given |= {"owner": warning.owner_unit.name} if warning.owner_unit else {}
    if code := request.GET.get("item", "")[:40]:
        given["items"] = code
    area = selectors.area_of_code(request.GET.get("area", ""), request.user)
    return given | ({"area": area.pk} if area else {})


def _warning(request, pk) -> EarlyWarning | None:
    text = str(pk or "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    rows = EarlyWarning.objects.visible_to(request.user).select_related("area", "item", "owner_unit")
    return rows.filter(pk=int(text)).first()


def _parents() -> list[tuple[str, str]]:
    return [(_("Special themes"), reverse("analytics:themes"))]

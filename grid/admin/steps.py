"""Steps: a form of its own for one service call about one row, e.g. renaming a unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grid import access
from grid.admin_scope import ScopedAdmin, with_refusal
from grid.forms.administration import StepForm
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused


@dataclass(frozen=True)
class Step:
    """`run(obj, cleaned_data, by=…, now=…)` calls the service; `done` is what the page says afterwards."""

    title: str | Promise
    button: str | Promise
    done: str | Promise
    form: type[StepForm]
    run: Callable
    explain: str | Promise = ""


class SteppedAdmin(ScopedAdmin):
    """An admin page some of whose writes are steps with a form of their own."""

    steps: dict[str, Step]

    def take_step(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Show the form of a step, or take it and go back to the row. A refusal is shown at its field."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404(_("Not found."))
        by, step = Actor.staff(request.user), self.steps[name]
        access.require_administration(by, obj)
        form = step.form(request.POST if request.method == "POST" else None, user=request.user)
        if request.method == "POST" and form.is_valid():
            try:
                step.run(obj, form.cleaned_data, by=by, now=timezone.now())
            except (NotAllowed, OutOfSight):
                raise
            except Refused as refusal:
                form = with_refusal(step.form, refusal)(request.POST, user=request.user)
            else:
                messages.success(request, str(step.done))
                return redirect(self.address_after(obj))
        return self._page(request, obj, step, form)

    def address_after(self, obj) -> str:
        """Return where a step leads: the page of the row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(obj.pk)])

    def _page(self, request: HttpRequest, obj, step: Step, form: StepForm) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "row": obj,
            "title": f"{step.title} · {obj}",
            "step": step,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "grid/step.html", context, status=422 if form.errors else 200)

"""查询接口: look a person, house or firm up in another register, for a purpose; the answer is shown once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grid.access import require_any
from grid.choices import Act
from intake.forms.lookup import LookupForm
from intake.selectors.connectors import connectors_in_use, my_lookups
from intake.services.connectors import look_up
from shenzhen_gov.core.form_steps import attempt


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def lookup(request):
    """Ask for the code and the purpose; show what the register answered. Nothing of it is kept."""
    require_any(request.user, Act.VIEW_IDENTITY)
    connectors = connectors_in_use()
    form = LookupForm(request.POST or None, connectors=connectors, initial={"case": request.GET.get("case", "")[:24]})
    found = None
    if request.method == "POST" and form.is_valid():
        found = attempt(form, request, look_up, **form.cleaned_data)
    context = {
        "title": _("Look up in other registers"),
        "form": form,
        "found": found,
        "connectors": connectors,
        "mine": my_lookups(request.user),
    }
    return render(request, "intake/lookup.html", context, status=422 if form.errors else 200)

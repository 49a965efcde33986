"""指标: the catalogue of indicators, one with its versions, and a new version by an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from analytics import selectors, services, wording
from analytics.choices import LEVEL_READERS, IndicatorGroup
from analytics.forms.indicators import VersionForm
from analytics.models import Indicator, IndicatorVersion
from analytics.parts import BY_CODE
from grid.access import administers, grants_of
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed

from .readers import refuse


@dataclass(frozen=True)
class Shown:
    """A version as the page shows it."""

    version: IndicatorVersion
    numerator: list[str]
    denominator: list[str]
    weights: list[tuple[str, float]]
    target: str
    unit: str
    state: str = ""


def _require_reader(user) -> None:
    """Let in who reads figures anywhere, and administrators."""
    if not (user.is_superuser or grants_of(user).acts().intersection({*LEVEL_READERS, Act.MANAGE_SYSTEM})):
        raise refuse()


@login_required
@require_GET
def indicators(request):
    """Show every indicator in use, by what of the work it is about."""
    _require_reader(request.user)
    entries = selectors.list_catalogue(timezone.localdate())
    groups = [
        (
            group.label,
            [(one, _shown(one.version) if one.version else None) for one in entries if one.indicator.group == group],
        )
        for group in IndicatorGroup
    ]
    context = {"title": _("Indicators"), "groups": [(label, rows) for label, rows in groups if rows]}
    return render(request, "analytics/indicators.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def indicator(request, code: str):
    """Show one indicator with its versions; administrators publish a new one."""
    _require_reader(request.user)
    found = selectors.get_indicator(code)
    if found is None:
        raise Http404(_("There is no such indicator."))
    by = Actor.staff(request.user)
    if request.method == "POST":
        return _publish(request, found, by)
    return _page(request, found, by)


def _publish(request, found: Indicator, by: Actor):
    form = VersionForm(request.POST)
    if not administers(by, None):
        raise NotAllowed(_("New versions of indicators are published by administrators."))
    if not form.is_valid():
        return _page(request, found, by, form)
    effective_from, now = form.cleaned_data["effective_from"], timezone.now()
    try:
        version = services.publish_version(found.pk, form.definition(), effective_from=effective_from, by=by, now=now)
    except BadInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _page(request, found, by, form)
    messages.success(
        request, _("%(version)s is published; it holds from %(day)s on.") % {"version": version, "day": effective_from}
    )
    return redirect("analytics:indicator", found.code)


def _page(request, found: Indicator, by: Actor, form: VersionForm | None = None):
    today = timezone.localdate()
    versions = list(selectors.versions_of(found))
    current = next((one for one in versions if one.effective_from <= today), None)
    may = administers(by, None)
    names = _names(today) if any(version.weights for version in versions) else {}
    context = {
        "title": str(found),
        "parents": [(_("Indicators"), reverse("analytics:indicators"))],
        "indicator": found,
        "versions": [_shown(one, names, current=current) for one in versions],
        "current": _shown(current, names, current=current) if current else None,
        "form": form or (VersionForm.of(versions[0], today) if may and versions else None) if may else None,
        "open_form": form is not None,
    }
    return render(request, "analytics/indicator.html", context, status=400 if form is not None else 200)


def _names(today: date) -> dict[str, str]:
    return {one.indicator.code: str(one.indicator) for one in selectors.list_catalogue(today)}


def _shown(
    version: IndicatorVersion, names: dict[str, str] | None = None, current: IndicatorVersion | None = None
) -> Shown:
    names = names or {}
    state = ""
    if current is not None:
        newer = version.effective_from > current.effective_from
        state = _("in force") if version == current else _("to come") if newer else _("past")
    return Shown(
        version=version,
        numerator=[str(BY_CODE[code].words) for code in version.numerator],
        denominator=[str(BY_CODE[code].words) for code in version.denominator],
        weights=[(names.get(code, code), weight) for code, weight in version.weights.items()],
        target=wording.target_of(version),
        unit=wording.unit_of(version.measure),
        state=str(state),
    )

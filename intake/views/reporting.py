"""Reporting without log-in: from the web page, from a QR code, from the enterprise zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dutylist.models import ItemVersion
from grid.selectors.rounds import OpenStop, open_stops_at
from intake.choices import ReplyWay
from intake.forms.public import ReportForm, new_stamp, read_stamp
from intake.limits import ADDRESS_LIMIT
from intake.models import Case, Channel, ReportPoint, Theme
from intake.selectors import public
from intake.services import KeyReused, TooMany, register_screened, spend
from intake.services.tallies import REPORTS_OF_ADDRESS, REPORTS_OF_ALL, REPORTS_OF_PHONE
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.parameters import get_parameter

from .guards import wants_json
from .visitors import address_of, answer, followed, private_address, remember

BUILDING_CODE = 19  # characters of a house code that name the building
WEBSITE, SCAN, ENTERPRISE = "website", "scan", "enterprise"


@dataclass(frozen=True)
class Door:
    """What the page knows before anything is typed: through which channel, at which place, about what."""

    channel: str
    point: ReportPoint | None = None
    theme: Theme | None = None
    item: ItemVersion | None = None

    def given(self, typed_address: str) -> dict:
        """Return the fields of a new case that follow from the page; what is typed at a point is the place in it."""
        fields: dict = {"channel": self.channel}
        if self.item:
            fields["item"] = self.item.item.code
        if self.point:
            address = f"{self.point.address} {typed_address}".strip()[:ADDRESS_LIMIT]
            fields |= {"area": self.point.area.code, "house_code": self.point.house_code, "address": address}
            if self.point.longitude is not None:
                fields |= {"longitude": self.point.longitude, "latitude": self.point.latitude}
        return fields


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report something, from anywhere."""
    return _report(request, Door(WEBSITE))


@never_cache
@require_http_methods(["GET", "POST"])
def report_at(request: HttpRequest, code: str) -> HttpResponse:
    """Report from a QR code: the place is known. A code out of use leads to the page without a place."""
    point = public.get_point(code)
    return _report(request, Door(SCAN, point=point)) if point else redirect("public:report")


@require_GET
def enterprise(request: HttpRequest) -> HttpResponse:
    """Show the themes of the enterprise zone."""
    context = {"title": _("Services for enterprises"), "at": "enterprise", "themes": public.list_themes()}
    return render(request, "public/enterprise.html", context)


@require_GET
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """Show the items of a theme."""
    found = _theme(code)
    context = {
        "title": found.label,
        "at": "enterprise",
        "theme": found,
        "items": public.items_of(found, timezone.localdate()),
    }
    return render(request, "public/theme.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def enterprise_report(request: HttpRequest, code: str, item: str = "") -> HttpResponse:
    """Report as an enterprise, about an item of a theme or something else of it."""
    found = _theme(code)
    of_theme = public.items_of(found, timezone.localdate()) if item else []
    chosen = next((version for version in of_theme if version.item.code == item), None)
    if item and chosen is None:
        return redirect("public:theme", code=code)
    return _report(request, Door(ENTERPRISE, theme=found, item=chosen))


@never_cache
@require_GET
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """Show the number and how to follow it."""
    case = followed(request, number)
    if case is None:
        return redirect("public:track")
    context = {
        "title": _("Thank you. Your request has arrived."),
        "case": case,
        "has_phone": bool(case.citizen_id),
        "link": private_address(request, case),
    }
    return answer(request, "public/sent.html", context)


def _theme(code: str) -> Theme:
    found = public.get_theme(code)
    if found is None:
        raise Http404
    return found


def _report(request: HttpRequest, door: Door) -> HttpResponse:
    """Show the form, or take what it sends; whatever is wrong, what was typed stays."""
    if request.method == "GET":
        return _page(request, ReportForm(initial={"stamp": new_stamp()}), door)
    now, form = timezone.now(), ReportForm(request.POST, request.FILES)
    try:
        case = _take(request, form, door, now)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _refused(request, form, door, refusal)
    remember(request, case, now=now)
    address = reverse("public:sent", args=[case.number])
    return JsonResponse({"address": address}, status=201) if wants_json(request) else redirect(address)


def _take(request: HttpRequest, form: ReportForm, door: Door, now: datetime) -> Case:
    """Register what the form sends. Raises Refused; its field is one of the form or none."""
    spend(REPORTS_OF_ADDRESS, address_of(request), now=now)
    spend(REPORTS_OF_ALL, "", now=now)
    channel = public.get_door(door.channel)
    if channel is None:
        raise Refused(_("Requests cannot be sent from here at the moment. Please call 12345."))
    if not form.is_valid():
        raise BadInput(_("Please look at what is marked below."))
    key, seconds = read_stamp(form.cleaned_data["stamp"])
    if seconds < get_parameter("public.least_seconds", timezone.localdate(now)):
        raise Refused(_("That was very quick. Please look it over once and press “Send” again."))
    if phone := form.cleaned_data["phone"]:
        spend(REPORTS_OF_PHONE, phone, now=now)
    try:
        return _register(form, door, channel, key, now)
    except KeyReused as reused:
        text = _("This page has sent a request already. To send this one as well, press “Send” again.")
        raise Refused(text) from reused


def _register(form: ReportForm, door: Door, channel: Channel, key: str, now: datetime) -> Case:
    given = form.cleaned_data
    reply_way = ReplyWay.PHONE if given["phone"] else ReplyWay.NOT_NEEDED
    data = form.new_case(request_type=channel.default_type, reply_way=reply_way, **door.given(given["address"]))
    is_suspect = bool(given["homepage"])
    by, files = Actor.channel(channel), form.uploads()
    return register_screened(data, is_suspect=is_suspect, by=by, now=now, idempotency_key=key, files=files).case


def _refused(request: HttpRequest, form: ReportForm, door: Door, refusal: Refused) -> HttpResponse:
    """Answer a form that was not taken; a stamp that was used or is not ours is replaced."""
    stamp = form.data.get("stamp", "")
    if "stamp" in form.errors or isinstance(refusal.__cause__, KeyReused):
        stamp = new_stamp()
        typed = request.POST.copy()
        typed["stamp"] = stamp
        form.data = typed
    if not wants_json(request):
        return _page(request, form, door, refusal)
    headers = {"Retry-After": str(refusal.wait)} if isinstance(refusal, TooMany) else None
    body = {"errors": form.errors.get_json_data(), "stamp": stamp}
    return JsonResponse(body, status=refusal.status, headers=headers)


def _stops(request: HttpRequest, point: ReportPoint | None) -> list[OpenStop]:
    """Return where the officer who scanned the plate may check in; nothing for anybody else, and nothing is done."""
    if point is None or not request.user.is_authenticated:
        return []
    return open_stops_at(request.user, point.code, point.house_code[:BUILDING_CODE], timezone.now())


def _page(request: HttpRequest, form: ReportForm, door: Door, refusal: Refused | None = None) -> HttpResponse:
    title = _("Report something") if door.channel != ENTERPRISE else _("Request of an enterprise")
    at = "enterprise" if door.channel == ENTERPRISE else "report"
    context = {"title": title, "at": at, "form": form, "door": door, "stops": _stops(request, door.point)}
    return answer(request, "public/report.html", context, refusal)

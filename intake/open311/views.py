"""The addresses of GeoReport v2 (http://wiki.open311.org/GeoReport_v2) and of its extension for updates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.choices import ChannelRight, Via
from intake.selectors import case_of_channel, open311, stages_of
from intake.services import add_supplement, register_once
from intake.signatures import KEY_HEADER
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.api import checked
from shenzhen_gov.core.exceptions import BadInput

from . import contents, serializers
from .base import FORMAT, REFUSALS, GeoReportView
from .rendering import JSON, XML, Document

LONGEST = timedelta(days=90)  # the standard's own limit of a question
KEPT_SECONDS = 300  # the list of services


class DiscoveryView(GeoReportView):
    """Where the interfaces are."""

    @extend_schema(
        operation_id="open311_discovery", parameters=[FORMAT], responses={200: serializers.Discovery, **REFUSALS}
    )
    def get(self, request: Request, format: str) -> Response:
        """Return the service discovery document."""
        base = request.build_absolute_uri(reverse("open311:discovery", args=["json"]).rpartition("/")[0])
        documents = request.build_absolute_uri(reverse("api_docs"))
        return Response(Document("discovery", contents.discovery(base, documents)))


class ServicesView(GeoReportView):
    """What may be reported."""

    @extend_schema(
        operation_id="open311_services",
        parameters=[FORMAT, serializers.JurisdictionQuery],
        responses={200: serializers.ServiceRecord(many=True), **REFUSALS},
    )
    def get(self, request: Request, format: str) -> HttpResponse:
        """Return the duty items citizens are offered. The text is kept for some minutes: it is thousands of items."""
        today = timezone.localdate()
        name = f"open311:services:{format}:{translation.get_language()}:{today}"
        text = cache.get(name)
        if text is None:
            rows = [contents.service_record(version) for version in open311.services_offered(today)]
            renderer = JSON() if format == "json" else XML()
            text = renderer.render(Document("services", rows, "service"))
            cache.set(name, text, KEPT_SECONDS)
        kind = JSON.media_type if format == "json" else XML.media_type
        headers = {"Cache-Control": f"public, max-age={KEPT_SECONDS}"}
        return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


class ServiceView(GeoReportView):
    """One service."""

    @extend_schema(
        operation_id="open311_service_definition",
        parameters=[FORMAT, serializers.JurisdictionQuery],
        responses={200: serializers.ServiceDefinition, **REFUSALS},
    )
    def get(self, request: Request, code: str, format: str) -> Response:
        """Return the questions of a service: none beyond the usual ones."""
        version = open311.service_offered(code, timezone.localdate())
        if version is None:
            raise Http404(_("There is no such service."))
        return Response(Document("service_definition", {"service_code": version.item.code, "attributes": []}))


class RequestsView(GeoReportView):
    """Requests."""

    right = ChannelRight.CREATE

    @extend_schema(
        operation_id="open311_requests",
        parameters=[FORMAT, serializers.RequestsQuery],
        responses={200: serializers.RequestRecord(many=True), **REFUSALS},
    )
    def get(self, request: Request, format: str) -> Response:
        """Return public requests, the newest first: those numbered, or of 90 days. `Link` names the next page."""
        asked = checked(serializers.RequestsQuery, request.query_params)
        if numbers := _ids(asked.get("service_request_id", "")):
            return _requests(open311.public_cases_numbered(numbers))
        since, until = _span(asked, LONGEST)
        page = open311.list_public_cases(
            since=since,
            until=until,
            size=asked["page_size"],
            after=_place(asked.get("cursor")),
            services=_ids(asked.get("service_code", "")),
            status=asked.get("status", ""),
        )
        place = page.next
        return _requests(page.cases, _link(request, f"{_micros(place.at)}-{place.id}") if place else None)

    @extend_schema(
        operation_id="open311_new_request",
        parameters=[FORMAT],
        request={"application/x-www-form-urlencoded": serializers.NewRequest},
        responses={201: serializers.Receipt(many=True), **REFUSALS},
    )
    def post(self, request: Request, format: str) -> Response:
        """Register a request. With an Idempotency-Key header the same request again is the same case."""
        channel = request.user.channel
        done = register_once(
            serializers.NewRequest.to_new_case(channel, checked(serializers.NewRequest, request.data)),
            by=Actor.channel(channel),
            now=timezone.now(),
            idempotency_key=request.headers.get(KEY_HEADER),
        )
        return _answer("service_requests", "request", [contents.receipt(done.case.number)], status=201)


class RequestView(GeoReportView):
    """One request."""

    @extend_schema(
        operation_id="open311_request",
        parameters=[FORMAT, serializers.JurisdictionQuery],
        responses={200: serializers.RequestRecord(many=True), **REFUSALS},
    )
    def get(self, request: Request, number: str, format: str) -> Response:
        """Return one public request."""
        cases = open311.public_cases_numbered([number])
        if not cases:
            raise Http404(_("There is no such request, or it is not public."))
        return _requests(cases)


class TokenView(GeoReportView):
    """Numbers are given at once, so a token is the number itself."""

    @extend_schema(
        operation_id="open311_token",
        parameters=[FORMAT, serializers.JurisdictionQuery],
        responses={200: serializers.TokenRecord(many=True), **REFUSALS},
    )
    def get(self, request: Request, number: str, format: str) -> Response:
        """Return the number of the request behind a token."""
        return _answer("service_requests", "request", [{"service_request_id": number, "token": number}])


class UpdatesView(GeoReportView):
    """Changes of state, and additions."""

    right = ChannelRight.SUPPLEMENT

    @extend_schema(
        operation_id="open311_updates",
        parameters=[FORMAT, serializers.UpdatesQuery],
        responses={200: serializers.UpdateRecord(many=True), **REFUSALS},
    )
    def get(self, request: Request, format: str) -> Response:
        """Return changes of state, the newest first: of the requests named, or of the last day or another span."""
        asked = checked(serializers.UpdatesQuery, request.query_params)
        if numbers := _ids(asked.get("service_request_id", "")):
            cases = open311.public_cases_numbered(numbers)
            updates, before = open311.updates_of(cases, asked.get("start_date"), asked.get("end_date")), None
        else:
            since, until = _span(asked, timedelta(days=1))
            before = int(asked["cursor"]) if "cursor" in asked else None
            updates, before = open311.list_updates(since=since, until=until, before=before)
        records = [contents.update_record(update) for update in updates]
        link = _link(request, str(before)) if before else None
        return _answer("service_request_updates", "request_update", records, link=link)

    @extend_schema(
        operation_id="open311_new_update",
        parameters=[FORMAT],
        request={"application/x-www-form-urlencoded": serializers.NewUpdate},
        responses={201: serializers.UpdateReceipt(many=True), **REFUSALS},
    )
    def post(self, request: Request, format: str) -> Response:
        """Add to one of the sender's own open requests."""
        given = checked(serializers.NewUpdate, request.data)
        channel = request.user.channel
        case = case_of_channel(channel, given["service_request_id"])
        if case is None:
            raise Http404(_("There is no such request, or it is not yours."))
        done = add_supplement(
            case.pk, given["description"], via=Via.CHANNEL, by=Actor.channel(channel), now=timezone.now()
        )
        return _answer("service_request_updates", "request_update", [{"update_id": str(done.pk)}], status=201)


def _requests(cases: list, link: str | None = None) -> Response:
    stages = stages_of(cases)
    records = [contents.request_record(case, stages.get(case.pk, [])) for case in cases]
    return _answer("service_requests", "request", records, link=link)


def _answer(root: str, item: str, records: list[dict], *, status: int = 200, link: str | None = None) -> Response:
    return Response(Document(root, records, item), status=status, headers={"Link": link} if link else None)


def _ids(text: str) -> list[str]:
    found = serializers.listed(text)
    if len(found) > serializers.MOST_IDS:
        raise BadInput(_("At most %(most)s at a time.") % {"most": serializers.MOST_IDS}, field="service_request_id")
    return found


def _span(asked: dict, longest: timedelta) -> tuple[datetime, datetime]:
    """Return from when until when: what is not given follows from the other end, and now."""
    since, until = asked.get("start_date"), asked.get("end_date")
    try:
        until = until or (min(since + LONGEST, timezone.now()) if since else timezone.now())
        since = since or until - longest
        is_too_long = until - since > LONGEST
    except OverflowError as error:
        raise BadInput(_("This is no moment we know of."), field="start_date") from error
    if is_too_long:
        raise BadInput(_("A question spans at most %(days)s days.") % {"days": LONGEST.days}, field="end_date")
    return since, until


def _place(cursor: str | None) -> open311.Place | None:
    if not cursor:
        return None
    micros, _dash, number = cursor.partition("-")
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros))
    except OverflowError as error:
        raise BadInput(_("This is no moment we know of."), field="cursor") from error
    return open311.Place(at, int(number))


def _micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _link(request: Request, cursor: str) -> str:
    """Return the header that names the next page."""
    query = request.query_params.copy()
    query["cursor"] = cursor
    return f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'

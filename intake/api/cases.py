"""Cases of a channel: registering, listing, asking, adding files."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from intake.choices import ChannelRight
from intake.selectors import case_stages, cases_of_channel
from intake.serializers import (
    AttachmentSerializer,
    CaseDetailSerializer,
    CaseListQuery,
    CasePageSerializer,
    CaseStatusSerializer,
    NewAttachmentSerializer,
    NewCaseSerializer,
    case_detail,
    case_status,
)
from intake.services import add_attachment, register_once
from shenzhen_gov.core.api import checked
from shenzhen_gov.core.lists import Sort, page_of
from shenzhen_gov.core.parsers import BoundedJSONParser

from .base import REFUSALS, SIGNED, WITH_KEY, ChannelView, attachment_limit

NEWEST = Sort("newest", "", ("-registered_at", "-id"))


class CasesView(ChannelView):
    """Register cases, and list one's own."""

    parser_classes = [BoundedJSONParser]
    rights = {"POST": ChannelRight.CREATE, "GET": ChannelRight.STATUS}

    @extend_schema(
        operation_id="register_case",
        request=NewCaseSerializer,
        responses={201: CaseStatusSerializer, 200: CaseStatusSerializer, **REFUSALS},
        parameters=WITH_KEY,
    )
    def post(self, request: Request) -> Response:
        """Register a case: 201 when it is new, 200 when this key made it before."""
        key = self.key()
        data = NewCaseSerializer.to_new_case(self.channel, checked(NewCaseSerializer, request.data))
        done = register_once(data, by=self.by, now=timezone.now(), idempotency_key=key)
        return Response(case_status(done.case), status=201 if done.created else 200)

    @extend_schema(
        operation_id="list_cases",
        parameters=[CaseListQuery, *SIGNED],
        responses={200: CasePageSerializer, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Return a page of the channel's own cases, the newest first; `next` is the cursor of the page behind it."""
        asked = checked(CaseListQuery, request.query_params)
        found = cases_of_channel(
            self.channel, since=asked.get("since"), until=asked.get("until"), external_id=asked.get("external_id", "")
        )
        page = page_of(found, NEWEST, asked["limit"], asked.get("cursor"))
        return Response({"next": page.next, "results": [case_status(case) for case in page.rows]})


class CaseView(ChannelView):
    """How a case stands."""

    rights = {"GET": ChannelRight.STATUS}

    @extend_schema(operation_id="get_case", parameters=SIGNED, responses={200: CaseDetailSerializer, **REFUSALS})
    def get(self, request: Request, number: str) -> Response:
        """Return the state of one of the channel's own cases, and the stages it went through."""
        case = self.own_case(number)
        return Response(case_detail(case, case_stages(case)))


class AttachmentsView(ChannelView):
    """Files of a case."""

    parser_classes = [MultiPartParser]
    rights = {"POST": ChannelRight.ATTACH}
    field_names = {"files": "file"}

    def largest_body(self) -> int:
        """Return how many bytes a request with a file may have."""
        return attachment_limit()

    @extend_schema(
        operation_id="add_attachment",
        request=NewAttachmentSerializer,
        parameters=SIGNED,
        responses={201: AttachmentSerializer, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Add a file to one of the channel's own open cases; the same file again is the same attachment."""
        case = self.own_case(number)
        given = checked(NewAttachmentSerializer, request.data)
        attachment = add_attachment(case.pk, given["kind"], given["file"], by=self.by, now=timezone.now())
        return Response(AttachmentSerializer(attachment).data, status=201)

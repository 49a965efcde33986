"""The channel API: outside systems register cases, ask how they stand, add files (docs/how-to/channel-api.md)."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.api import ErrorSerializer
from shenzhen_gov.core.exceptions import BadInput

from .authentication import ChannelTokenAuthentication, IsChannel
from .models import Case
from .selectors import case_of_channel
from .serializers import (
    AttachmentSerializer,
    CaseStatusSerializer,
    NewAttachmentSerializer,
    NewCaseSerializer,
    case_status,
)
from .services import add_attachment, register_once
from .throttling import TokenThrottle

KEY_HEADER = "Idempotency-Key"
REFUSALS = dict.fromkeys((400, 401, 404, 409, 429), ErrorSerializer)


class ChannelTokenScheme(OpenApiAuthenticationExtension):
    """How the key appears in the API's description."""

    target_class = ChannelTokenAuthentication
    name = "channelKey"

    def get_security_definition(self, auto_schema) -> dict:
        """Return the scheme."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Authorization: Token <key>",
        }


class ChannelView(APIView):
    """What every view of the channel API shares."""

    authentication_classes = [ChannelTokenAuthentication]
    permission_classes = [IsChannel]
    throttle_classes = [TokenThrottle]

    @property
    def channel(self):
        """Return the channel that calls."""
        return self.request.user.channel

    def own_case(self, number: str) -> Case:
        """Return the channel's own case; another channel's is answered like one that does not exist."""
        case = case_of_channel(self.channel, number)
        if case is None:
            raise Http404(_("There is no such case."))
        return case


class CasesView(ChannelView):
    """Register cases."""

    parser_classes = [JSONParser]

    @extend_schema(
        operation_id="register_case",
        request=NewCaseSerializer,
        responses={201: CaseStatusSerializer, 200: CaseStatusSerializer, **REFUSALS},
        parameters=[
            OpenApiParameter(
                KEY_HEADER,
                location=OpenApiParameter.HEADER,
                required=True,
                description="1–100 printable ASCII characters. The same key and body again answer with the same case.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Register a case: 201 when it is new, 200 when this key made it before."""
        key = request.headers.get(KEY_HEADER)
        if not key:
            raise BadInput(
                _("Send an Idempotency-Key header, so that a repeated request is not a second case."), field=KEY_HEADER
            )
        serializer = NewCaseSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        done = register_once(
            serializer.to_new_case(self.channel.code),
            by=Actor.channel(self.channel),
            now=timezone.now(),
            idempotency_key=key,
        )
        return Response(case_status(done.case), status=201 if done.created else 200)


class CaseView(ChannelView):
    """How a case stands."""

    @extend_schema(operation_id="get_case", responses={200: CaseStatusSerializer, **REFUSALS})
    def get(self, request: Request, number: str) -> Response:
        """Return the state of one of the channel's own cases."""
        return Response(case_status(self.own_case(number)))


class AttachmentsView(ChannelView):
    """Files of a case."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="add_attachment",
        request=NewAttachmentSerializer,
        responses={201: AttachmentSerializer, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Add a file to one of the channel's own open cases."""
        case = self.own_case(number)
        serializer = NewAttachmentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        attachment = add_attachment(
            case.pk, given["kind"], given["file"], by=Actor.channel(self.channel), now=timezone.now()
        )
        return Response(AttachmentSerializer(attachment).data, status=201)

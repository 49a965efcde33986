"""The district exchange: one address, to which other platforms post (docs/how-to/district-exchange.md)."""

from __future__ import annotations

import time

from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import selectors, services
from dispatch.exchange.messages import (
    ERRORS,
    PEER_HEADER,
    SIGNATURE_HEADER,
    TIME_HEADER,
    BadMessage,
    is_signed,
)
from dispatch.exchange.reading import parse
from dispatch.exchange.schema import ANSWER_SCHEMA, MESSAGE_SCHEMA, REFUSAL_SCHEMA
from dispatch.models import Peer
from shenzhen_gov.core.exceptions import OutOfSight

HEADERS = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True, description=text)
    for name, text in (
        (PEER_HEADER, "The sender's code."),
        (TIME_HEADER, "Seconds since 1970."),
        (SIGNATURE_HEADER, "HMAC-SHA256 in hex over time, sender's code and body, a line each."),
    )
]
ANSWERS = {status: OpenApiResponse(REFUSAL_SCHEMA, code) for code, (status, *_rest) in ERRORS.items()}


class ExchangeView(APIView):
    """Takes messages of other platforms. Who sends is told by the signature, not by a session or a channel's key."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    @extend_schema(
        operation_id="exchange_messages_create",
        parameters=HEADERS,
        request={"application/json": MESSAGE_SCHEMA},
        responses={200: OpenApiResponse(ANSWER_SCHEMA, "Done"), **ANSWERS},
    )
    def post(self, request) -> Response:
        """Take one message and answer it; the same message again gets the same answer."""
        try:
            raw = _body(request)
            peer = _sender(request, raw)
            message = parse(raw)
        except BadMessage as error:
            return _refused(error)
        try:
            status, given = services.receive_message(peer.pk, message, now=timezone.now())
        except OutOfSight:
            return _refused(BadMessage("not_found", ERRORS["not_found"][1], "peer_number"), id=message.id)
        return Response(given, status=status)


def _body(request) -> bytes:
    try:
        return request._request.body
    except RequestDataTooBig as error:
        raise BadMessage("too_large", ERRORS["too_large"][1]) from error
    except UnreadablePostError as error:
        raise BadMessage("malformed", "the message ended too early") from error


def _sender(request, raw: bytes) -> Peer:
    """Return the platform whose signature this is. Raises BadMessage, without saying what was wrong with it."""
    code, moment, signature = (request.headers.get(name, "") for name in (PEER_HEADER, TIME_HEADER, SIGNATURE_HEADER))
    peer = selectors.find_sender(code)
    if peer is None or not is_signed(peer.secret, code, moment, signature, raw, time.time()):
        raise BadMessage("bad_signature", ERRORS["bad_signature"][1])
    return peer


def _refused(error: BadMessage, **given) -> Response:
    told = {**given, "outcome": "refused", "code": error.code, "field": error.field, "detail": error.detail}
    return Response(told, status=ERRORS[error.code][0])

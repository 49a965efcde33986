"""What every GeoReport address shares: formats by ending, errors as the standard writes them, keys, how often."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from intake.api.base import TooLarge
from intake.authentication import ChannelCaller, ChannelTokenAuthentication, token_of
from intake.choices import ChannelRight
from intake.models import ChannelToken
from intake.services import require_right
from intake.throttling import MINUTE, TokenThrottle, seconds_left
from intake.views.visitors import address_of
from shenzhen_gov.core.api import exception_handler
from shenzhen_gov.core.parameters import get_parameter

from .rendering import JSON, XML, ByEnding, Document
from .serializers import ErrorRecord

LARGEST = 256 * 1024  # bytes of a body
FORMAT = OpenApiParameter("format", location=OpenApiParameter.PATH, enum=["json", "xml"])
REFUSALS = dict.fromkeys((400, 403, 404, 413, 415, 429), ErrorRecord(many=True))
FIELD_NAMES = {  # the service's → the standard's
    "content": "description",
    "text": "description",
    "item": "service_code",
    "address": "address_string",
    "house_code": "address_id",
    "longitude": "long",
    "latitude": "lat",
    "name": "first_name",
}


class ApiKey(BaseAuthentication):
    """The key of a channel as the standard sends it: the field `api_key` of the body, never of the address."""

    def authenticate(self, request: Request) -> tuple[ChannelCaller, ChannelToken]:
        """Return the channel and its key; there is no other way in."""
        key = request.data.get("api_key") if hasattr(request.data, "get") else None
        if not isinstance(key, str) or not key:
            raise AuthenticationFailed(_("api_key is required."))
        token = token_of(key)
        if token.channel.needs_signature:
            raise AuthenticationFailed(_("Calls of this channel are signed; use /api/v1/."))
        return ChannelCaller(token.channel), token


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the key appears in the API's description."""

    target_class = ApiKey
    name = "open311Key"

    def get_security_definition(self, auto_schema) -> dict:
        """Return the scheme; the body's field of the same name does as well."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>, or api_key"}


class VisitorThrottle(BaseThrottle):
    """Counts what one address asks in a minute, in each server process for itself: reading costs little."""

    def allow_request(self, request: Request, view) -> bool:
        """Whether this address may ask once more."""
        name = f"open311:{address_of(request._request)}:{int(time.time() // MINUTE)}"
        cache.add(name, 0, 2 * MINUTE)
        return cache.incr(name) <= get_parameter("open311.requests_per_minute", timezone.localdate())

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return seconds_left()


class GeoReportView(APIView):
    """Reading is open to everybody, sending to channels."""

    renderer_classes = [XML, JSON]
    parser_classes = [FormParser, MultiPartParser]
    content_negotiation_class = ByEnding
    permission_classes: list[type] = []
    right: ChannelRight | None = None
    field_names = FIELD_NAMES

    def get_authenticators(self) -> list:
        """Ask for a key only where something is sent."""
        method = self.request.method if getattr(self, "request", None) else "GET"
        return [ChannelTokenAuthentication(), ApiKey()] if method == "POST" and self.right else []

    def get_throttles(self) -> list:
        """Count keys by their channel and readers by their address."""
        return [TokenThrottle()] if self.request.method == "POST" else [VisitorThrottle()]

    def initial(self, request: Request, *args, **kwargs) -> None:
        """Refuse what is too large, unknown, too often, or beyond the channel's rights."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > LARGEST:
            raise TooLarge(_("At most %(limit)s bytes are taken.") % {"limit": LARGEST})
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and self.right:
            require_right(request.user.channel, self.right)

    def handle_exception(self, exc: Exception) -> HttpResponse:
        """Answer refusals as the standard writes them: a list of code and description."""
        response = exception_handler(exc, self.get_exception_handler_context())
        if response is None:
            raise exc
        field, text = response.data.get("field"), response.data["detail"]
        status = 403 if response.status_code == 401 else response.status_code
        entry = {"code": status, "description": f"{field}: {text}" if field else text}
        answer = Response(Document("errors", [entry], "error"), status=status)
        answer.exception = True
        if wait := getattr(exc, "wait", None):
            answer["Retry-After"] = str(int(wait))
        return answer

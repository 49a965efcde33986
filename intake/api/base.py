"""What every view of the channel API shares: who calls, what its channel may do, its own cases, keys of commands."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from intake.authentication import ChannelTokenAuthentication, IsChannel
from intake.choices import ChannelRight
from intake.models import Case, Channel
from intake.selectors import case_of_channel
from intake.services import answer_once, largest_file, require_right
from intake.signatures import KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER
from intake.throttling import TokenThrottle
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.api import ErrorSerializer
from shenzhen_gov.core.exceptions import BadInput

REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 429), ErrorSerializer)
TEXT_LIMIT = 256 * 1024  # bytes of a JSON body: the longest texts in any encoding, several times over
FORM_SLACK = 16 * 2**20  # bytes beyond the largest file: one that is a little too large is refused by its name


def _header(name: str, text: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, location=OpenApiParameter.HEADER, required=required, description=text)


ONCE = "1–100 printable ASCII characters. The same key and body again answer as the first time."
SIGNED = [
    _header(TIMESTAMP_HEADER, "Seconds since 1970; with the signature, for channels whose calls must be signed."),
    _header(SIGNATURE_HEADER, "HMAC-SHA256 of the message with the key's secret, as hexadecimal digits."),
]
WITH_KEY = [_header(KEY_HEADER, ONCE, required=True), *SIGNED]


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


class TooLarge(APIException):
    """The body is larger than anything this address takes."""

    status_code = 413
    default_code = "too_large"


class ChannelView(APIView):
    """A view for channels. `rights` names for each method what the channel must be allowed to do."""

    authentication_classes = [ChannelTokenAuthentication]
    permission_classes = [IsChannel]
    throttle_classes = [TokenThrottle]
    rights: dict[str, ChannelRight] = {}

    def initial(self, request: Request, *args, **kwargs) -> None:
        """Refuse what is too large, unknown, too often, or beyond the channel's rights, in this order."""
        self.check_size(request)
        super().initial(request, *args, **kwargs)
        right = self.rights.get(request.method or "")
        if right is not None:
            require_right(self.channel, right)

    def check_size(self, request: Request) -> None:
        """Raise TooLarge by the length the sender tells; nothing beyond that length is read."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > self.largest_body():
            raise TooLarge(_("At most %(limit)s bytes are taken.") % {"limit": self.largest_body()})

    def largest_body(self) -> int:
        """Return how many bytes a request may have."""
        return TEXT_LIMIT

    @property
    def channel(self) -> Channel:
        """Return the channel that calls."""
        return self.request.user.channel

    @property
    def by(self) -> Actor:
        """Return the channel as who does something."""
        return Actor.channel(self.channel)

    def own_case(self, number: str) -> Case:
        """Return the channel's own case; another channel's is answered like one that does not exist."""
        case = case_of_channel(self.channel, number)
        if case is None:
            raise Http404(_("There is no such case."))
        return case

    def key(self) -> str:
        """Return the key of this command. Raises BadInput when there is none."""
        key = self.request.headers.get(KEY_HEADER)
        if not key:
            raise BadInput(
                _("Send an Idempotency-Key header, so that a repeated request is not carried out twice."),
                field=KEY_HEADER,
            )
        return key

    def once(self, name: str, case: Case, given: dict, command: Callable[[], dict]) -> tuple[dict, bool]:
        """Carry out a command on a case once for its key; see `answer_once`."""
        told = {"command": name, "case": case.number, **given}
        return answer_once(self.key(), told, command, by=self.by, now=timezone.now())


def attachment_limit() -> int:
    """Return how many bytes a request with a file may have, whatever kind of file it is."""
    return largest_file(timezone.localdate()) + FORM_SLACK

"""Signed messages, the same both ways: calls of a channel to us, and our call-backs to it (docs/how-to/channel-api.md).

The HMAC-SHA256, as hexadecimal digits, with the key's secret, over five lines: the moment in seconds since 1970, the
method, the path with its query, the Idempotency-Key (or an empty line), and the SHA-256 of the body. For
`multipart/form-data` the last line is the SHA-256 of the file alone: few senders see how their parts are divided.
"""

from __future__ import annotations

import hashlib
import hmac
import time

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import AuthenticationFailed

from shenzhen_gov.core.parameters import get_parameter

TIMESTAMP_HEADER, SIGNATURE_HEADER, KEY_HEADER = "X-Timestamp", "X-Signature", "Idempotency-Key"


class BadSignature(AuthenticationFailed):
    """The message was not signed as it must be."""

    default_code = "bad_signature"
    default_detail = gettext_lazy("The signature does not fit this message.")


def sign(secret: str, *, timestamp: str, method: str, path: str, key: str, body_hash: str) -> str:
    """Return the signature of a message."""
    text = "\n".join((timestamp, method.upper(), path, key, body_hash))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def check_signature(request: HttpRequest, secret: str) -> None:
    """Raise BadSignature unless the message was signed with `secret` within the last minutes."""
    timestamp = request.headers.get(TIMESTAMP_HEADER, "")
    given = request.headers.get(SIGNATURE_HEADER, "")
    if not (timestamp and given):
        text = _("Calls of this channel are signed: send %(timestamp)s and %(signature)s.")
        raise BadSignature(text % {"timestamp": TIMESTAMP_HEADER, "signature": SIGNATURE_HEADER})
    _check_moment(timestamp)
    if not secret:
        raise BadSignature(_("This key was made before keys could sign; make a new one."))
    expected = sign(
        secret,
        timestamp=timestamp,
        method=request.method or "",
        path=request.get_full_path(),
        key=request.headers.get(KEY_HEADER, ""),
        body_hash=_body_hash(request),
    )
    if not hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "replace")):
        raise BadSignature


def _check_moment(timestamp: str) -> None:
    window = get_parameter("api.signature_seconds", timezone.localdate())
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not is_number or abs(time.time() - int(timestamp)) > window:
        text = _("%(header)s must be the present moment in seconds since 1970, within %(window)s seconds.")
        raise BadSignature(text % {"header": TIMESTAMP_HEADER, "window": window})


def _body_hash(request: HttpRequest) -> str:
    if (request.content_type or "") != "multipart/form-data":
        try:
            return hashlib.sha256(request.body).hexdigest()
        except RequestDataTooBig as error:
            raise BadSignature(_("The body is too large.")) from error
    digest = hashlib.sha256()
    for _name, files in request.FILES.lists():
        for file in files:
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()

"""Calls to other systems: one JSON message out, one bounded answer back.

Addresses are typed in by people, so nothing is called that could reach into our own network by mistake or by malice:
only https to public addresses, unless the host or its network stands in the setting `OUTBOUND_HOSTS`. The address that
was checked is the one that is called (a name that resolves otherwise a moment later changes nothing), redirects are
not followed, answers end at a limit, and the whole call has one time limit.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from .exceptions import BadInput

ANSWER_LIMIT = 256 * 1024  # bytes
TIMEOUT = 10.0  # seconds


class CallFailed(Exception):
    """Nobody answered, or not as HTTP does. The text names the fault and holds neither address nor content."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the body up to the limit."""

    status: int
    body: bytes

    @property
    def is_ok(self) -> bool:
        """Whether it is a success (2xx)."""
        return 200 <= self.status < 300

    def json(self) -> dict:
        """Return the body as an object; anything else is an empty one."""
        with suppress(ValueError, RecursionError):
            found = json.loads(self.body)
            return found if isinstance(found, dict) else {}
        return {}


@dataclass(frozen=True)
class Target:
    """An address that may be called, resolved."""

    is_secure: bool
    host: str
    port: int
    path: str
    address: str


def post_json(
    url: str,
    body: bytes | Mapping,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
    *,
    limit: int = ANSWER_LIMIT,
) -> Answer:
    """POST `body` (bytes as they are, or an object written as JSON) and return the answer, whatever its status.

    `timeout` is in seconds and holds for the whole call. Raises BadInput (field "url") for an address that must not be
    called, CallFailed when there is no answer.
    """
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    target = resolve(url)
    connection = _Connection(target, timeout)
    watch = threading.Timer(timeout, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        given = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json", **(headers or {})}
        connection.request("POST", target.path, data, given)
        response = connection.getresponse()
        answer = Answer(response.status, response.read(limit))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CallFailed(f"{type(error).__name__}: {getattr(error, 'strerror', None) or 'no answer'}"[:200]) from error
    finally:
        watch.cancel()
        connection.close()
    if connection.was_cut:
        raise CallFailed("the answer took too long")
    return answer


def check_url(url: str) -> None:
    """Raise BadInput (field "url") unless the form of `url` is one that may be called; its name is not looked up."""
    _split(url)


def resolve(url: str) -> Target:
    """Return what to call for `url`. Raises BadInput when it must not be called, CallFailed for an unknown name."""
    secure, host, port, path = _split(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallFailed("the name is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not _is_listed(host) and not all(_is_public(address) or _is_listed(address) for address in addresses):
        raise BadInput(
            _("This address lies in an internal network that is not on the list of OUTBOUND_HOSTS."), field="url"
        )
    return Target(secure, host, port, path, addresses[0])


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked, under the name that was asked for."""

    def __init__(self, target: Target, timeout: float):
        super().__init__(target.host, target.port, timeout=timeout)
        self.target = target
        self.was_cut = False

    def connect(self) -> None:
        """Open the socket; over https the certificate must be the host's."""
        self.sock = socket.create_connection((self.target.address, self.target.port), self.timeout)
        if self.target.is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.target.host)

    def cut(self) -> None:
        """End the call from another thread: whoever waits reads the end of the answer, or gets an error."""
        self.was_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _split(url: str) -> tuple[bool, str, int, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    written = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or not written:
        raise BadInput(_("Give a full address, e.g. https://host/path, without a user name."), field="url")
    secure = parts.scheme == "https"
    if not secure and not _is_listed(host):
        raise BadInput(_("Only https is called, unless the host is on the list of OUTBOUND_HOSTS."), field="url")
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return secure, host, port or (443 if secure else 80), path


def _is_listed(host: str) -> bool:
    """Whether the host, or the network it lies in, stands in OUTBOUND_HOSTS."""
    for entry in settings.OUTBOUND_HOSTS:
        if entry == host:
            return True
        with suppress(ValueError):
            if ipaddress.ip_address(host) in ipaddress.ip_network(entry):
                return True
    return False


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast

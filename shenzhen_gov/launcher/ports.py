"""Which port the web server takes."""

from __future__ import annotations

import errno
import socket

from .say import Stop

DEFAULT = 8000
TRIES = 100
ADDRESS = "127.0.0.1"


def problem(port: int) -> str:
    """Why this port cannot be listened on; an empty text when it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((ADDRESS, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "another program is listening on it"
            return error.strerror or str(error)
    return ""


def parse(given: str) -> int:
    """The number in PORT. Raises Stop, naming PORT, when it is none."""
    try:
        port = int(given)
    except ValueError:
        raise Stop(f"PORT: {given!r} is not a number") from None
    if not 1 <= port <= 65535:
        raise Stop(f"PORT: {port} is not between 1 and 65535")
    return port


def choose(given: str | None) -> tuple[int, str]:
    """Return the port and a remark: the one asked for or none at all; else 8000 or the next free one."""
    if given:
        port = parse(given)
        reason = problem(port)
        if reason:
            raise Stop(f"PORT: {port} cannot be used: {reason}")
        return port, ""
    for port in range(DEFAULT, DEFAULT + TRIES):
        if not problem(port):
            remark = "" if port == DEFAULT else f"port {DEFAULT} is taken; using {port} (set PORT to choose)"
            return port, remark
    raise Stop(f"PORT: none of {DEFAULT}–{DEFAULT + TRIES - 1} is free; set PORT to a free one")

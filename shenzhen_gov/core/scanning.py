"""The virus scanner, as a hook: VIRUS_SCANNER names a function that takes an open file and raises Infected.

None is set by default. When the scanner cannot be reached, VIRUS_SCANNER_REQUIRED decides: refuse the file, or take it
unscanned and let the sweep scan it later.
"""

from __future__ import annotations

import logging
import socket
import struct
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)
CHUNK = 64 * 1024
LONGEST_REPLY = 4096


class Infected(Exception):
    """The scanner found a virus; `virus` is what it calls it."""

    def __init__(self, virus: str):
        super().__init__(virus)
        self.virus = virus


class ScannerDown(Exception):
    """The scanner could not be asked, or could not say."""


def is_set() -> bool:
    """Whether this installation has a scanner."""
    return bool(settings.VIRUS_SCANNER)


def scan(file: Any) -> bool:
    """Return whether a scanner saw the file and found nothing. Raises Infected; ScannerDown only when one is required.

    Without a scanner, and with one that is away but not required, nothing was seen: False.
    """
    if not is_set():
        return False
    file.seek(0)
    try:
        import_string(settings.VIRUS_SCANNER)(file)
    except ScannerDown:
        if settings.VIRUS_SCANNER_REQUIRED:
            raise
        log.warning("the virus scanner is away; a file is taken unscanned")
        return False
    finally:
        file.seek(0)
    return True


def clamd(file: Any) -> None:
    """Have ClamAV look at the file (INSTREAM of clamd at CLAMD_ADDRESS, `host:port` or the path of a socket)."""
    try:
        with _connected(settings.CLAMD_ADDRESS) as connection:
            connection.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
            reply = _reply(connection)
    except OSError as error:
        raise ScannerDown(str(error)) from error
    if reply.endswith(" FOUND"):
        raise Infected(reply.removeprefix("stream: ").removesuffix(" FOUND"))
    if reply != "stream: OK":
        raise ScannerDown(reply)


def _connected(address: str) -> socket.socket:
    seconds = settings.CLAMD_SECONDS
    if "/" not in address:
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _reply(connection: socket.socket) -> str:
    data = b""
    while not data.endswith(b"\0") and len(data) < LONGEST_REPLY and (part := connection.recv(LONGEST_REPLY)):
        data += part
    return data.rstrip(b"\0\n").decode(errors="replace")

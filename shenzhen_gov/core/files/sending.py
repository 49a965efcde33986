"""Sending a stored file to somebody who was found to be allowed it: in parts for players, harmless for browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from .kinds import PICTURE_TYPES, PLAYED_TYPES

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")  # one part; a list of parts is answered with the whole
CHUNK = 64 * 1024
# Whatever the file is made to look like: no script, no form, nothing of the portal's address.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"


def send_file(
    request: HttpRequest, file: Any, *, name: str, content_type: str, tag: str, inline: tuple[str, ...] = ()
) -> HttpResponseBase:
    """Return the answer that sends `file` (a stored FieldFile), found unchanged by its `tag`.

    Pictures, film and voice are shown, and further types named by `inline`; everything else is to be saved. A storage
    that signs addresses is asked for one that is good for a minute; the content then does not pass through the portal.
    """
    shown = content_type in (*PICTURE_TYPES, *PLAYED_TYPES, *inline)
    disposition = content_disposition_header(not shown, name)
    sign = getattr(file.storage, "signed_address", None)
    if sign is not None:
        response: HttpResponseBase = HttpResponseRedirect(sign(file.name, content_type, disposition))
        response["Cache-Control"] = "private, no-store"
        return response
    response = _answer(request, file, f'"{tag}"')
    response["Content-Type"] = content_type if response.status_code in (200, 206) else "text/plain"
    response["Content-Disposition"] = disposition or "inline"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{tag}"'
    response["X-Content-Type-Options"] = "nosniff"
    if content_type not in inline:  # browsers show no PDF in a sandbox; theirs runs in one of its own
        response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _answer(request: HttpRequest, file: Any, tag: str) -> HttpResponseBase:
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()) or request.headers.get("If-Range", tag) != tag:
        return FileResponse(file.open("rb"))
    return _part(file, *asked.groups())


def _part(file: Any, first: str, last: str) -> HttpResponseBase:
    """Return the bytes from `first` to `last`; without a first, the last so many."""
    size = file.size
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    length = end - start + 1
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(length)}
    return StreamingHttpResponse(_read(file.open("rb"), start, length), status=206, headers=headers)


def _read(file: File, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (data := file.read(min(CHUNK, length))):
            length -= len(data)
            yield data

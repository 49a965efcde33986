"""How GeoReport documents are written: JSON as plain lists, XML with the element names of the standard."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer

# What XML 1.0 cannot hold at all.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The name of each entry of a list, by the name of the list.
ENTRIES = {"endpoints": "endpoint", "formats": "format", "attributes": "attribute", "values": "value"}


@dataclass(frozen=True)
class Document:
    """An answer: a list of entries called `item` below `root`, or one record called `root`."""

    root: str
    content: list[dict] | dict
    item: str = ""


class JSON(BaseRenderer):
    """`….json`."""

    media_type, format, charset = "application/json", "json", "utf-8"

    def render(self, data: Any, accepted_media_type=None, renderer_context=None) -> bytes:
        """Return the text."""
        content = data.content if isinstance(data, Document) else data
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


class XML(BaseRenderer):
    """`….xml`."""

    media_type, format, charset = "text/xml", "xml", "utf-8"

    def render(self, data: Any, accepted_media_type=None, renderer_context=None) -> bytes:
        """Return the text, with its declaration."""
        document = data if isinstance(data, Document) else Document("errors", [], "error")
        names = ENTRIES | {document.root: document.item}
        text = _element(document.root, document.content, names)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode("utf-8", "replace")


class ByEnding(BaseContentNegotiation):
    """The ending of the address chooses the format, whatever the Accept header says."""

    def select_parser(self, request, parsers):
        """Return the parser for what was sent."""
        given = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == given), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        """Return the renderer of the ending."""
        for renderer in renderers:
            if renderer.format == (format_suffix or "xml"):
                return renderer, f"{renderer.media_type}; charset=utf-8"
        raise NotFound


def _element(name: str, value: Any, names: dict[str, str]) -> str:
    if isinstance(value, dict):
        inner = "".join(_element(key, part, names) for key, part in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(names.get(name) or "value", part, names) for part in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = "" if value is None else escape(FORBIDDEN.sub("\ufffd", str(value)))
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"

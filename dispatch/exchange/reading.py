"""Reading a message: every field is checked before anybody acts on it. Standard library only."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .messages import (
    CALLER,
    FILE,
    KINDS,
    LARGEST_NUMBER,
    MOST_FILES,
    SIZE_LIMIT,
    VERSION,
    BadMessage,
    Field,
    Kind,
    Message,
)


def parse(raw: bytes) -> Message:
    """Return the message in `raw`, checked in every field. Raises BadMessage."""
    if len(raw) > SIZE_LIMIT:
        raise BadMessage("too_large", "the message is larger than 4 MiB")
    try:
        found = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadMessage("malformed", "this is not JSON") from error
    return read(found)


def read(found: Any) -> Message:
    """Return the message in a JSON object, checked in every field. Raises BadMessage."""
    if not isinstance(found, dict):
        raise BadMessage("malformed", "a message is a JSON object")
    if found.get("version") != VERSION or isinstance(found.get("version"), bool):
        raise BadMessage("malformed", f"version {VERSION} is spoken here", "version")
    if unknown := sorted(set(map(str, found)) - set(Message.__dataclass_fields__)):
        raise BadMessage("malformed", "unknown field of the envelope", unknown[0][:40])
    kind = KINDS.get(found["kind"]) if isinstance(found.get("kind"), str) else None
    if kind is None:
        raise BadMessage("unknown_kind", "no such kind of message", "kind")
    message = Message(
        id=_uuid(found.get("id"), "id"), kind=kind.name, number=_number(found, "number"),
        peer_number=_number(found, "peer_number"), seq=_count(found, "seq", 1), after=_count(found, "after", 0),
        at=_moment(found.get("at"), "at"), body=read_body(kind, found.get("body")),
    )  # fmt: skip
    if not message.number:
        raise BadMessage("malformed", "the sender's number of the case is missing", "number")
    if message.after >= message.seq:
        raise BadMessage("malformed", "a message comes after an earlier one", "after")
    return message


def read_body(kind: Kind, body: Any) -> dict:
    """Return the body with its empty fields left out. Raises BadMessage naming the field."""
    if not isinstance(body, dict):
        raise BadMessage("malformed", "the body is a JSON object", "body")
    known = {field.name: field for field in kind.fields}
    if unknown := sorted(set(body) - set(known)):
        raise BadMessage("malformed", f"{kind.name} has no such field", f"body.{unknown[0][:40]}")
    found = {}
    for name, field in known.items():
        value = body.get(name)
        if value is None or value == "":
            if field.required:
                raise BadMessage("malformed", "this field is needed", f"body.{name}")
            continue
        found[name] = READERS[field.type](value, field, f"body.{name}")
    return found


def _read_text(value: Any, field: Field, place: str) -> str:
    if not isinstance(value, str) or "\x00" in value or _has_halves(value):
        raise BadMessage("malformed", "a text without unprintable characters is needed", place)
    if len(value) > field.limit:
        raise BadMessage("malformed", f"at most {field.limit} characters", place)
    if field.choices and value not in field.choices:
        raise BadMessage("malformed", f"one of {', '.join(field.choices)}", place)
    if field.required and not value.strip():
        raise BadMessage("malformed", "this field is needed", place)
    return value


def _read_number(value: Any, field: Field, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 180:
        raise BadMessage("malformed", "degrees between -180 and 180", place)
    return float(value)


def _read_score(value: Any, field: Field, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise BadMessage("malformed", "a whole number from 1 to 5", place)
    return value


def _read_yes_no(value: Any, field: Field, place: str) -> bool:
    if not isinstance(value, bool):
        raise BadMessage("malformed", "true or false", place)
    return value


def _read_id(value: Any, field: Field, place: str) -> str:
    return _uuid(value, place)


def _read_moment(value: Any, field: Field, place: str) -> str:
    return _moment(value, place)


def _read_object(fields: tuple[Field, ...], value: Any, place: str) -> dict:
    try:
        return read_body(Kind(place, "", (), "", fields), value)
    except BadMessage as error:
        raise BadMessage(error.code, error.detail, error.field.replace("body", place, 1)) from error


def _read_caller(value: Any, field: Field, place: str) -> dict:
    return _read_object(CALLER, value, place)


def _read_files(value: Any, field: Field, place: str) -> list[dict]:
    if not isinstance(value, list) or len(value) > MOST_FILES:
        raise BadMessage("malformed", f"a list of at most {MOST_FILES} files", place)
    return [_read_object(FILE, item, f"{place}[{number}]") for number, item in enumerate(value)]


READERS: dict[str, Callable[[Any, Field, str], Any]] = {
    "text": _read_text, "number": _read_number, "score": _read_score, "yes_no": _read_yes_no, "id": _read_id,
    "moment": _read_moment, "caller": _read_caller, "files": _read_files,
}  # fmt: skip


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _has_halves(text: str) -> bool:
    """Whether a text holds half characters (lone surrogates), which cannot be stored."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _uuid(value: Any, place: str) -> str:
    try:
        if isinstance(value, str) and len(value) == 36:
            return str(uuid.UUID(value))
    except ValueError:
        pass
    raise BadMessage("malformed", "a UUID of 36 characters is needed", place)


def _number(found: dict, name: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str) or len(value) > 40 or not value.isascii() or (value and not value.isprintable()):
        raise BadMessage("malformed", "at most 40 printable ASCII characters", name)
    return value


def _count(found: dict, name: str, least: int) -> int:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST_NUMBER:
        raise BadMessage("malformed", f"a whole number from {least}", name)
    return value


def _moment(value: Any, place: str) -> str:
    """Return an ISO 8601 moment with its zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None or not 2000 <= found.year <= 2200:
        raise BadMessage("malformed", "a moment as 2026-03-01T09:30:00+08:00", place)
    return found.isoformat()

"""The message set as JSON Schema, made of `messages`. Standard library only."""

from __future__ import annotations

from .messages import CALLER, FILE, KINDS, LARGEST_NUMBER, MOST_FILES, VERSION, Field


def _object(fields: tuple[Field, ...]) -> dict:
    required = [field.name for field in fields if field.required]
    return {
        "type": "object",
        "properties": {field.name: _field(field) for field in fields},
        **({"required": required} if required else {}),  # OpenAPI 3.0 knows no empty list here
        "additionalProperties": False,
    }


def _field(field: Field) -> dict:
    simple: dict[str, dict] = {
        "text": {"type": "string", "maxLength": field.limit},
        "number": {"type": "number", "minimum": -180, "maximum": 180},
        "score": {"type": "integer", "minimum": 1, "maximum": 5},
        "yes_no": {"type": "boolean"},
        "id": {"type": "string", "format": "uuid"},
        "moment": {"type": "string", "format": "date-time"},
    }
    made = simple.get(field.type) or _part(field)
    if field.choices:
        made = {"type": "string", "enum": list(field.choices)}
    return {**made, "description": field.doc}


def _part(field: Field) -> dict:
    if field.type == "caller":
        return _object(CALLER)
    return {"type": "array", "maxItems": MOST_FILES, "items": _object(FILE)}


def message_schema(kind: str) -> dict:
    """Return the JSON Schema of a message of one kind."""
    number, count = {"type": "string", "maxLength": 40}, {"type": "integer", "maximum": LARGEST_NUMBER}
    properties = {
        "id": {"type": "string", "format": "uuid"},
        "version": {"type": "integer", "enum": [VERSION]},
        "kind": {"type": "string", "enum": [kind]},
        "number": {**number, "minLength": 1, "description": "The sender's number of the case"},
        "peer_number": {**number, "description": "The receiver's number; empty until known"},
        "seq": {**count, "minimum": 1, "description": "Number of the message in the conversation, per sender"},
        "after": {**count, "minimum": 0, "description": "The sender's last message that arrived before"},
        "at": {"type": "string", "format": "date-time"},
        "body": _object(KINDS[kind].fields),
    }
    return {
        "type": "object", "title": f"exchange {kind}", "description": KINDS[kind].doc, "properties": properties,
        "required": [*properties], "additionalProperties": False,
    }  # fmt: skip


MESSAGE_SCHEMA = {"oneOf": [message_schema(kind) for kind in KINDS]}
TEXT = {"type": "string"}
ANSWER_SCHEMA = {
    "type": "object",
    "properties": {"id": TEXT, "outcome": {**TEXT, "enum": ["accepted"]}, "number": TEXT},
    "required": ["id", "outcome", "number"],
}
REFUSAL_SCHEMA = {
    "type": "object",
    "properties": {
        "id": TEXT, "outcome": {**TEXT, "enum": ["refused"]}, "code": TEXT, "reason": TEXT, "field": TEXT,
        "detail": TEXT,
    },
    "required": ["outcome", "code", "detail"],
}  # fmt: skip

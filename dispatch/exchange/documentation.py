"""The tables of docs/how-to/district-exchange.md, made of the message set; the words around them are the page's own."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

from .messages import CALLER, ERRORS, FILE, KINDS, OWNER, Field, Kind, Message, sign

PATH = Path("docs") / "how-to" / "district-exchange.md"
BEGIN, END = "<!-- rendered: {} -->", "<!-- /rendered -->"
EXAMPLE = Message(
    id="3f1c9a52-7d0e-4c57-9a1f-5a8f5c1b2d3e", kind="notify", number="FT-000017",
    peer_number="SZRX202603020930000042-01", seq=2, after=1,
    at="2026-03-02T10:05:00+08:00", body={"way": "phone", "result": "reached", "note": "约定下午上门"},
)  # fmt: skip
EXAMPLE_SECRET, EXAMPLE_TIME, EXAMPLE_PEER = "example-secret", "1772417100", "futian"


def path() -> Path:
    """Return where the page is kept."""
    return Path(settings.BASE_DIR) / PATH


def render(page: str) -> str:
    """Return the page with its rendered parts afresh. Raises ValueError when a part is missing."""
    for name, text in parts().items():
        begin = BEGIN.format(name)
        before, found, rest = page.partition(begin)
        if not found:
            raise ValueError(f"{PATH} has no part {name}")
        _old, _end, after = rest.partition(END)
        page = f"{before}{begin}\n\n{text}\n\n{END}{after}"
    return page


def parts() -> dict[str, str]:
    """Return the rendered parts by name."""
    return {"kinds": _kinds(), "bodies": _bodies(), "errors": _errors(), "example": _example()}


def _kinds() -> str:
    rows = [f"| `{kind.name}` | {kind.chinese} | {_sender(kind)} | {kind.doc} |" for kind in KINDS.values()]
    return "\n".join(["| Kind | 中文 | From | What it says |", "|---|---|---|---|", *rows])


def _sender(kind: Kind) -> str:
    if len(kind.senders) == 2:
        return "either"
    return "owner → handler" if kind.senders == (OWNER,) else "handler → owner"


def _bodies() -> str:
    tables = [f"**`{kind.name}`**\n\n{_table(kind.fields)}" for kind in KINDS.values()]
    return "\n\n".join([*tables, f"**`caller`**\n\n{_table(CALLER)}", f"**each of `files`**\n\n{_table(FILE)}"])


def _table(fields: tuple[Field, ...]) -> str:
    rows = [
        f"| `{field.name}` | {_type(field)} | {'yes' if field.required else ''} | {field.doc} |" for field in fields
    ]
    return "\n".join(["| Field | Type | Needed | Meaning |", "|---|---|---|---|", *rows])


def _type(field: Field) -> str:
    if field.choices:
        return " · ".join(f"`{choice}`" for choice in field.choices)
    return f"text ≤ {field.limit}" if field.type == "text" else field.type.replace("_", "/")


def _errors() -> str:
    rows = [
        f"| {status} | `{code}` | {meaning} | {sender} |"
        for code, (status, meaning, sender) in sorted(ERRORS.items(), key=lambda item: item[1][0])
    ]
    return "\n".join(["| Status | Code | Meaning | The sender |", "|---|---|---|---|", *rows])


def _example() -> str:
    raw = EXAMPLE.to_bytes()
    readable = json.dumps(json.loads(raw), ensure_ascii=False, indent=2)
    headers = [
        f"X-Exchange-Peer: {EXAMPLE_PEER}", f"X-Exchange-Time: {EXAMPLE_TIME}",
        f"X-Exchange-Signature: {sign(EXAMPLE_SECRET, EXAMPLE_TIME, EXAMPLE_PEER, raw)}",
    ]  # fmt: skip
    return (
        f"With the key `{EXAMPLE_SECRET}` and the body on one line, without spaces between its parts:\n\n"
        f"```http\nPOST /api/v1/exchange/messages\n{chr(10).join(headers)}\n\n{readable}\n```"
    )

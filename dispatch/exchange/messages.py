"""The message set of the district exchange, its envelope and its signature. Standard library only, like `reading`.

One case handed from one platform to the other is a conversation. The platform that hands it over is its **owner**, the
one that works on it the **handler**: a city handing a work order to a district is owner, a district reporting a case
upward is owner likewise. Both sides number their messages, and every message says after which one of the same
conversation it comes. `docs/how-to/district-exchange.md` is rendered from this module.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import asdict, dataclass

VERSION = 1
OWNER, HANDLER = "owner", "handler"
SIZE_LIMIT = 4 * 1024 * 1024  # bytes of one message
CLOCK_TOLERANCE = 300  # seconds a signed message may be old, or early
LARGEST_NUMBER = 2**31 - 1
PEER_HEADER, TIME_HEADER, SIGNATURE_HEADER = "X-Exchange-Peer", "X-Exchange-Time", "X-Exchange-Signature"

REQUEST_TYPES = ("consult", "help", "complaint", "report", "suggestion", "praise", "other")
URGENCIES = ("normal", "urgent", "emergency")
WAYS = ("phone", "sms", "letter", "wechat", "email", "other", "not_needed", "unreachable")
CONTACT_RESULTS = ("reached", "unreachable", "refused")
SEND_BACK_REASONS = ("not_handled", "not_told", "perfunctory", "no_photos", "hazard_remains")
VERDICTS = ("approved", "sent_back")


class BadMessage(Exception):
    """What came is no message of the set; `code` is one of ERRORS, `field` names the place."""

    def __init__(self, code: str, detail: str, field: str = ""):
        super().__init__(detail)
        self.code, self.detail, self.field = code, detail, field


@dataclass(frozen=True)
class Field:
    """One field of a body. `type`: text, number, score (1–5), yes_no, id (UUID), moment (ISO 8601), or a part."""

    name: str
    type: str
    doc: str
    required: bool = False
    limit: int = 0  # characters of a text
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of message: who may send it, and what its body holds."""

    name: str
    chinese: str
    senders: tuple[str, ...]
    doc: str
    fields: tuple[Field, ...]


def _text(name: str, limit: int, doc: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> Field:
    return Field(name, "text", doc, required, limit, choices)


NOTE = _text("note", 500, "Anything to add")
OPINION = _text("opinion", 500, "Opinion of who decided")
REASON = _text("reason", 500, "Why", required=True)
CALLER = (_text("name", 60, "Name"), _text("phone", 20, "Phone"), _text("purpose", 200, "Purpose", required=True))
FILE = (
    _text("name", 120, "Name of the file", required=True),
    _text("kind", 8, "What it shows", required=True, choices=("before", "after", "evidence", "reply")),
    _text("content", SIZE_LIMIT, "The file in base64", required=True),
)
MOST_FILES = 6
SCORES = ("speed", "effect", "experience", "feedback")

_KINDS = (
    Kind("report", "上报 / 派发", (OWNER,), "Hands a case over; opens the conversation.", (
        _text("content", 5000, "The request in the citizen's words", required=True),
        _text("request_type", 12, "What somebody wants", required=True, choices=REQUEST_TYPES),
        _text("title", 120, "Title; made of the content when empty"),
        _text("urgency", 10, "How fast", choices=URGENCIES),
        _text("wish", 300, "What the citizen wants"),
        _text("area", 20, "Area code (GB/T 2260; subdistrict 9, community 12 digits)"),
        _text("address", 300, "Address"),
        _text("house_code", 25, "House code of 25 digits"),
        Field("longitude", "number", "WGS 84"),
        Field("latitude", "number", "WGS 84"),
        _text("item", 40, "Code of the duty item, as both sides know it"),
        _text("item_path", 300, "The duty item in words"),
        Field("due_at", "moment", "Until when it is to be handled"),
        Field("caller", "caller", "Who asked; only where it was agreed, and with its purpose"),
        NOTE,
    )),
    Kind("sign", "签收", (HANDLER,), "The handler takes the case on.", (NOTE,)),
    Kind("notify", "办理告知", (HANDLER,), "The citizen was contacted, or it was tried.", (
        _text("way", 12, "How", required=True, choices=WAYS),
        _text("result", 12, "What came of it", required=True, choices=CONTACT_RESULTS),
        NOTE,
    )),
    Kind("return", "申请退回", (HANDLER,), "Asks to give the case back; the owner answers with decide.", (REASON,)),
    Kind("extend", "申请延期", (HANDLER,), "Asks for more time; the owner answers with decide.", (
        REASON,
        Field("until", "moment", "Until when", required=True),
    )),
    Kind("decide", "批复", (OWNER, HANDLER), "Answers return, extend, or void.", (
        Field("request", "id", "Id of the message that asked", required=True),
        Field("agreed", "yes_no", "Agreed or refused", required=True),
        OPINION,
    )),
    Kind("done", "办结反馈", (HANDLER,), "Reports the case done; the owner answers with review.", (
        _text("text", 5000, "What was done", required=True),
        _text("told_way", 12, "How the citizen was told", choices=WAYS),
        Field("files", "files", "Photos from before and after"),
    )),
    Kind("review", "审核", (OWNER,), "Approves what was reported done, or sends it back.", (
        _text("verdict", 10, "The verdict", required=True, choices=VERDICTS),
        _text("reason", 14, "Why it is sent back", choices=SEND_BACK_REASONS),
        OPINION,
    )),
    Kind("close", "办结", (OWNER,), "The case is closed; evaluation may follow.", (NOTE,)),
    Kind("evaluate", "评价", (OWNER,), "What the citizen thinks of it: 1 (bad) to 5 (good).", (
        Field("overall", "score", "Overall", required=True),
        *(Field(name, "score", f"Score: {name}") for name in SCORES),
        _text("text", 500, "In words"),
    )),
    Kind("urge", "催办", (OWNER,), "Asks to be quick; nothing else changes.", (
        _text("text", 500, "What is urged", required=True),
    )),
    Kind("supervise", "督办", (OWNER,), "Puts the case under supervision; nothing else changes.", (
        _text("text", 500, "What is demanded", required=True),
        Field("due_at", "moment", "Until when an answer is wanted"),
    )),
    Kind("void", "作废 / 撤回", (OWNER,), "The case is taken back or is no longer wanted.", (REASON,)),
)  # fmt: skip
KINDS = {kind.name: kind for kind in _KINDS}

# code → (HTTP status, what it means, what the sender does)
ERRORS = {
    "malformed": (400, "Not JSON, or no envelope; `field` names the place", "mends the message: it is stuck"),
    "unknown_kind": (400, "No such kind of message", "mends the message: it is stuck"),
    "bad_signature": (401, "Unknown sender, wrong signature, or a clock too far off", "tries again with back-off"),
    "not_found": (404, "No such case between these two platforms", "looks into it: it is stuck"),
    "out_of_order": (409, "An earlier message of the conversation is still missing", "sends that one first"),
    "not_yours": (403, "This side of the conversation does not send this kind", "looks into it: it is stuck"),
    "sequence_used": (409, "Another message came under this number", "looks into it: it is stuck"),
    "too_large": (413, "Larger than 4 MiB", "sends less: it is stuck"),
    "refused": (422, "Understood, and not possible; `reason` and `detail` say why", "tells a person"),
}


@dataclass(frozen=True)
class Message:
    """One message. `number` is the sender's number of the case, `peer_number` the receiver's (empty until known)."""

    id: str
    kind: str
    number: str
    peer_number: str
    seq: int
    after: int
    at: str
    body: dict
    version: int = VERSION

    def to_bytes(self) -> bytes:
        """Return the message as it is signed and sent."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def new_id() -> str:
    """Return an id for a message: random, so that two platforms never choose the same."""
    return str(uuid.uuid4())


def sign(secret: str, moment: str, peer: str, raw: bytes) -> str:
    """Return the signature (hex): HMAC-SHA256 over time, sender's code and the message's bytes, a line each."""
    text = f"{moment}\n{peer}\n".encode() + raw
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def signed_headers(secret: str, peer: str, raw: bytes, now: float) -> dict[str, str]:
    """Return the three headers of a message; `now` in seconds since 1970."""
    moment = str(int(now))
    return {PEER_HEADER: peer, TIME_HEADER: moment, SIGNATURE_HEADER: sign(secret, moment, peer, raw)}


def is_signed(secret: str, peer: str, moment: str, signature: str, raw: bytes, now: float) -> bool:
    """Whether the signature is right and the message of this moment, give or take CLOCK_TOLERANCE."""
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12 and signature.isascii() and secret):
        return False
    fresh = abs(now - int(moment)) <= CLOCK_TOLERANCE
    return hmac.compare_digest(sign(secret, moment, peer, raw), signature) and fresh

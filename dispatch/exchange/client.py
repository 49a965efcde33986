r"""Reference client: a whole other side of the district exchange, kept in memory. Standard library only.

It shows what a platform must do: number and sign its messages, send them in order and again until they are answered,
answer the same message the same way, and refuse what is out of place. Try it beside a portal:

    EXCHANGE_SECRET=… python -m dispatch.exchange.client --code futian --peer shenzhen \
        --url https://portal.example/api/v1/exchange/messages --port 9000

and type `report content=路灯不亮 request_type=complaint`, `sign NUMBER`, `list`, `quit`; `--help` tells the rest.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import shlex
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from .messages import (
    ERRORS,
    HANDLER,
    KINDS,
    OWNER,
    PEER_HEADER,
    SIGNATURE_HEADER,
    SIZE_LIMIT,
    TIME_HEADER,
    BadMessage,
    Message,
    is_signed,
    new_id,
    signed_headers,
)
from .reading import parse, read_body

TIMEOUT = 10  # seconds
AGAIN = {0, 401, 408, 409, 425, 429}  # 0: no answer; besides these every status from 500 on
Answered = tuple[int, dict]
Post = Callable[[bytes, Mapping[str, str]], Answered]

NEW, WORKING, REPORTED, APPROVED, CLOSED, VOID = "new", "working", "reported", "approved", "closed", "void"
OPEN = (NEW, WORKING, REPORTED, APPROVED)
# kind → (from which states, to which; None: the state stays)
STEPS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "sign": ((NEW, WORKING), WORKING),  # again when another unit of the handler takes it on
    "notify": ((WORKING,), None),
    "return": ((NEW, WORKING), None),
    "extend": ((NEW, WORKING), None),
    "done": ((NEW, WORKING), REPORTED),
    "review": ((REPORTED, APPROVED), APPROVED),
    "close": ((REPORTED, APPROVED), CLOSED),
    "evaluate": ((CLOSED,), None),
    "urge": (OPEN, None),
    "supervise": (OPEN, None),
    "void": (OPEN, VOID),
    "decide": ((*OPEN, CLOSED, VOID), None),
}


@dataclass
class Conversation:
    """One case. `told` is everything said, as (who, kind, body); `waiting` what was not answered yet."""

    number: str
    role: str
    peer_number: str = ""
    state: str = NEW
    sent: int = 0
    arrived: int = 0
    received: int = 0
    told: list[tuple[str, str, dict]] = field(default_factory=list)
    waiting: list[Message] = field(default_factory=list)
    refused: list[tuple[Message, dict]] = field(default_factory=list)


class Platform:
    """One side of the exchange. `code` is its own, `peer` the other side's; `post` replaces the network in tests."""

    def __init__(self, code: str, peer: str, secret: str, url: str = "", post: Post | None = None):
        self.code, self.peer, self.secret, self.url = code, peer, secret, url
        self.post = post or self._post
        self.cases: dict[str, Conversation] = {}
        self.answers: dict[str, Answered] = {}
        self.lock = threading.RLock()
        self.sending = threading.Lock()
        self.numbers = itertools.count(1)

    # --- sending ---------------------------------------------------------------------------------
    def report(self, /, **body) -> Conversation:
        """Hand a case over: queue its report, and return the conversation."""
        body = read_body(KINDS["report"], body)
        with self.lock:
            case = Conversation(self._number(), OWNER)
            self.cases[case.number] = case
            self._queue(case, "report", body)
            return case

    def say(self, number: str, kind: str, /, **body) -> Message:
        """Queue a message about case `number`. Raises BadMessage when it is none of ours to say."""
        body = read_body(KINDS[kind], body)
        with self.lock:
            case = self.cases[number]
            if case.role not in KINDS[kind].senders or kind == "report":
                raise BadMessage("not_yours", ERRORS["not_yours"][1])
            self._step(case, kind, body)
            return self._queue(case, kind, body)

    def deliver(self) -> int:
        """Send what waits, each conversation in its order, and return how much is still waiting."""
        with self.sending:
            cases = list(self.cases.values())
            for case in cases:
                while case.waiting and self._send(case, case.waiting[0]):
                    case.waiting.pop(0)
        return sum(len(case.waiting) for case in cases)

    def _queue(self, case: Conversation, kind: str, body: dict) -> Message:
        case.sent += 1
        at = datetime.now(UTC).isoformat()
        message = Message(new_id(), kind, case.number, case.peer_number, case.sent, 0, at, body)
        case.waiting.append(message)
        case.told.append(("we", kind, body))
        return message

    def _send(self, case: Conversation, queued: Message) -> bool:
        """Send one message; True when it was answered for good."""
        given = {**vars(queued), "after": case.arrived, "peer_number": case.peer_number}
        raw = Message(**given).to_bytes()
        status, answer = self.post(raw, signed_headers(self.secret, self.code, raw, time.time()))
        if status in AGAIN or status >= 500 or answer.get("id") != queued.id:
            return False
        case.arrived = queued.seq
        case.peer_number = case.peer_number or answer.get("number", "")
        if status != 200:
            case.refused.append((queued, answer))
        return True

    def _post(self, raw: bytes, headers: Mapping[str, str]) -> Answered:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=TIMEOUT)
        try:
            connection.request("POST", parts.path, raw, {**headers, "Content-Type": "application/json"})
            response = connection.getresponse()
            found = json.loads(response.read(SIZE_LIMIT))
            return response.status, found if isinstance(found, dict) else {}
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()

    # --- receiving -------------------------------------------------------------------------------
    def answer(self, raw: bytes, headers: Mapping[str, str]) -> Answered:
        """Take a message as it came and return (HTTP status, answer)."""
        given = {name.lower(): value for name, value in headers.items()}
        code, moment, signature = (given.get(name.lower(), "") for name in (PEER_HEADER, TIME_HEADER, SIGNATURE_HEADER))
        if code != self.peer or not is_signed(self.secret, code, moment, signature, raw, time.time()):
            return _refusal("bad_signature")
        try:
            message = parse(raw)
        except BadMessage as error:
            return _refusal(error.code, field=error.field, detail=error.detail)
        with self.lock:
            if message.id not in self.answers:
                answered = self._take(message)
                if answered[0] not in (404, 409):  # those left no trace and may come again
                    self.answers[message.id] = answered
                return answered
            return self.answers[message.id]

    def _take(self, message: Message) -> Answered:
        if message.kind == "report":
            return self._take_report(message)
        case = self.cases.get(message.peer_number)
        if case is None or (case.peer_number and case.peer_number != message.number):
            return _refusal("not_found", id=message.id)
        if (HANDLER if case.role == OWNER else OWNER) not in KINDS[message.kind].senders:
            return _refusal("not_yours", id=message.id)
        if message.after > case.received:
            return _refusal("out_of_order", id=message.id)
        if message.seq <= case.received:
            return _refusal("sequence_used", id=message.id)
        case.received, case.peer_number = message.seq, message.number
        try:
            self._step(case, message.kind, message.body)
        except BadMessage as error:
            return _refusal("refused", id=message.id, reason="illegal_move", detail=error.detail)
        case.told.append(("they", message.kind, message.body))
        return 200, {"id": message.id, "outcome": "accepted", "number": case.number}

    def _take_report(self, message: Message) -> Answered:
        if any(case.peer_number == message.number for case in self.cases.values() if case.role == HANDLER):
            return _refusal("sequence_used", id=message.id)
        case = Conversation(self._number(), HANDLER, message.number, received=message.seq)
        case.told.append(("they", "report", message.body))
        self.cases[case.number] = case
        return 200, {"id": message.id, "outcome": "accepted", "number": case.number}

    def _step(self, case: Conversation, kind: str, body: dict) -> None:
        """Move the case on, or raise BadMessage."""
        allowed, to_state = STEPS[kind]
        if case.state not in allowed:
            raise BadMessage("refused", f"{kind} is not possible while the case is {case.state}")
        if kind == "review" and body.get("verdict") == "sent_back":
            to_state = WORKING
        case.state = to_state or case.state

    def _number(self) -> str:
        return f"{self.code.upper()}-{next(self.numbers):06d}"

    def serve(self, port: int = 0, host: str = "127.0.0.1") -> ThreadingHTTPServer:
        """Listen in a thread and return the server (`server_port` tells the port; `shutdown` ends it)."""
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = self.headers.get("Content-Length", "")
                size = int(length) if length.isdigit() else 0
                answered = _refusal("too_large") if size > SIZE_LIMIT else None
                status, answer = answered or platform.answer(self.rfile.read(size), dict(self.headers.items()))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer, ensure_ascii=False).encode())

            def log_message(self, *args) -> None:
                """Keep what is said out of the terminal."""

        server = ThreadingHTTPServer((host, port), Handler)
        threading.Thread(target=server.serve_forever, name=f"exchange {self.code}", daemon=True).start()
        return server


def _refusal(code: str, **given) -> Answered:
    status, meaning, _sender = ERRORS[code]
    return status, {"outcome": "refused", "code": code, "detail": meaning, **given}


def main() -> None:
    """Run one side by hand: lines from the keyboard are messages to send."""
    parser = argparse.ArgumentParser(description="One side of the district exchange, kept in memory.")
    parser.add_argument("--code", required=True, help="our code at the other side")
    parser.add_argument("--peer", required=True, help="the other side's code here")
    parser.add_argument("--url", required=True, help="address of the other side's exchange")
    parser.add_argument("--port", type=int, default=9000, help="where to listen")
    given = parser.parse_args()
    if not (secret := os.environ.get("EXCHANGE_SECRET", "")):
        parser.error("the key both sides share must stand in the environment variable EXCHANGE_SECRET")
    platform = Platform(given.code, given.peer, secret, given.url)
    server = platform.serve(given.port)
    print(f"listening on {server.server_port}; report|{'|'.join(STEPS)} NUMBER name=value …, list, quit")
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        try:
            _command(platform, shlex.split(line))
        except BadMessage as error:
            print("no:", *filter(None, (error.field, error.detail)))
        except ValueError as error:
            print(f"no: {error}")
    server.shutdown()
    server.server_close()


def _command(platform: Platform, words: list[str]) -> None:
    if not words or words == ["list"]:
        for case in platform.cases.values():
            print(_told(case))
        return
    kind, given = words[0], dict(word.split("=", 1) for word in words if "=" in word)
    if kind not in KINDS:
        raise ValueError(f"{kind} is none of report, {', '.join(STEPS)}, list, quit")
    texts = {field.name for field in KINDS[kind].fields if field.type == "text"}
    body = {name: text if name in texts else _value(text) for name, text in given.items()}
    if kind == "report":
        print(platform.report(**body).number)
    elif len(words) < 2 or words[1] not in platform.cases:
        raise ValueError(f"{kind} needs the number of one of: {', '.join(platform.cases)}")
    else:
        platform.say(words[1], kind, **body)
    print(f"{platform.deliver()} waiting")


def _told(case: Conversation) -> str:
    """Return a conversation in one line, with what the other side did not take."""
    said = [f"{who}:{kind}" for who, kind, _body in case.told]
    refused = [f"refused {message.kind}: {answer.get('detail')}" for message, answer in case.refused]
    return " ".join([case.number, case.role, case.state, case.peer_number, *said, *refused])


def _value(text: str):
    """Return a number, true or false, or a part where the text is one, else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


if __name__ == "__main__":
    main()

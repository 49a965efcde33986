"""A small load generator in a process of its own: threads that send prepared POST requests over kept connections.

    python -m bench.loader < job.json > report.json

The job: host, port, path, headers, bodies (texts), threads, seconds, rate. Every body is sent once, each thread takes
the next one; with a rate none is sent before its moment. It ends when the bodies or the seconds are used up. The
report: for every answer its status and its milliseconds, and the moments of the first request and the last answer.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shenzhen_gov.launcher.paths import ROOT


@dataclass
class Shots:
    """What came back."""

    statuses: list[int] = field(default_factory=list)
    millis: list[float] = field(default_factory=list)
    first_at: float = 0.0
    last_at: float = 0.0

    def of_status(self, status: int) -> int:
        """Return how many answers had this status."""
        return self.statuses.count(status)


def fire(
    url: str,
    bodies: list[dict] | list[str],
    *,
    headers: dict[str, str],
    threads: int,
    seconds: float,
    rate: float | None = None,
) -> Shots:
    """Send the bodies from another process and return what came back. What is no text is sent as JSON.

    `rate`: so many a second, evenly, as people come; without it as fast as the threads can.
    """
    parts = urlsplit(url)
    job = {
        "host": parts.hostname,
        "port": parts.port,
        "path": parts.path,
        "headers": headers,
        "threads": threads,
        "seconds": seconds,
        "rate": rate,
        "bodies": [body if isinstance(body, str) else json.dumps(body, ensure_ascii=False) for body in bodies],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.loader"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
        cwd=ROOT,
    )
    return Shots(**json.loads(done.stdout))


class Connection:
    """One kept connection; knows just enough HTTP to tell where an answer ends."""

    def __init__(self, host: str, port: int):
        self.address = (host, port)
        self.socket: socket.socket | None = None
        self.waiting = b""

    def post(self, request: bytes) -> int:
        """Send a request and return the status of the answer; a connection the server closed is opened once more."""
        try:
            return self._exchange(request)
        except (ConnectionError, TimeoutError):
            self.close()
            return self._exchange(request)

    def close(self) -> None:
        """Close the connection."""
        if self.socket:
            self.socket.close()
        self.socket, self.waiting = None, b""

    def _exchange(self, request: bytes) -> int:
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        head, self.waiting = self._until_head_ends()
        lines = head.split(b"\r\n")
        length, closes = None, False
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"connection":
                closes = value.strip().lower() == b"close"
        if length is None:
            raise ValueError(f"an answer without Content-Length: {head!r}")
        while len(self.waiting) < length:
            self.waiting += self._more()
        self.waiting = self.waiting[length:]
        if closes:
            self.close()
        return int(lines[0].split(b" ", 2)[1])

    def _until_head_ends(self) -> tuple[bytes, bytes]:
        while b"\r\n\r\n" not in self.waiting:
            self.waiting += self._more()
        head, _, rest = self.waiting.partition(b"\r\n\r\n")
        return head, rest

    def _more(self) -> bytes:
        assert self.socket is not None
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionResetError("the server closed the connection")
        return received


def prepared(job: dict) -> list[bytes]:
    """Return the requests as bytes, each with an idempotency key of its own, so that sending costs little."""
    requests = []
    for text in job["bodies"]:
        body = text.encode()
        headers = {
            "Host": f"{job['host']}:{job['port']}",
            "Content-Type": "application/json",
            **job["headers"],
            "Idempotency-Key": str(uuid.uuid4()),
            "Content-Length": str(len(body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        requests.append(f"POST {job['path']} HTTP/1.1\r\n{head}\r\n".encode() + body)
    return requests


def main() -> None:
    """Read the job, send, report."""
    job = json.load(sys.stdin)
    requests = enumerate(prepared(job))
    shots, lock = Shots(), threading.Lock()
    begun, pause = time.monotonic(), 1 / job["rate"] if job["rate"] else 0
    until = begun + job["seconds"]

    def send() -> None:
        connection = Connection(job["host"], job["port"])
        while time.monotonic() < until:
            with lock:
                number, request = next(requests, (0, None))
            if request is None:
                break
            time.sleep(max(0, begun + number * pause - time.monotonic()) if pause else 0)
            started = time.perf_counter()
            status = connection.post(request)
            taken = (time.perf_counter() - started) * 1000
            with lock:
                shots.statuses.append(status)
                shots.millis.append(taken)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(job["threads"])]
    shots.first_at = time.time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shots.last_at = time.time()
    json.dump(vars(shots), sys.stdout)


if __name__ == "__main__":
    main()

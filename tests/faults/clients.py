"""Outside systems that never give up: `python -m tests.faults.clients < job.json`.

Each case is sent with its own idempotency key, again and again, until the answer is 201 or 200. Every accepted key is
one line on standard output, `<key> <status> <number> <tries>`, written at once. A process of its own, so that the
test's process has one thread and may start and kill others.
"""

import http.client
import json
import sys
import threading
import time
from urllib.parse import urlsplit

TIMEOUT = 15  # seconds for one answer
PAUSE = 0.1  # seconds between tries and between cases


def accepted(address, path: str, key: str, headers: dict, body: str) -> tuple[int, str] | None:
    """Send one case once; return status and number when it was accepted."""
    connection = http.client.HTTPConnection(*address, timeout=TIMEOUT)
    try:
        connection.request("POST", path, body.encode(), headers | {"Idempotency-Key": key})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status in (200, 201):
            return answer.status, json.loads(content)["number"]
        if answer.status < 500:  # a refusal will not turn into an acceptance
            raise SystemExit(f"{key}: {answer.status} {content[:500]!r}")
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()
    return None


def main() -> None:
    """Send all cases of the job over several threads, until all are accepted or the time is over."""
    job = json.load(sys.stdin)
    parts = urlsplit(job["url"])
    cases, lock = iter(job["cases"]), threading.Lock()
    until = time.monotonic() + job["seconds"]

    def send() -> None:
        while time.monotonic() < until:
            with lock:
                case = next(cases, None)
            if case is None:
                return
            key, body = case
            tries, found = 0, None
            while found is None and time.monotonic() < until:
                tries += 1
                found = accepted((parts.hostname, parts.port), parts.path, key, job["headers"], json.dumps(body))
                time.sleep(PAUSE)
            if found:
                with lock:
                    print(key, *found, tries, flush=True)

    threads = [threading.Thread(target=send) for _ in range(job["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()

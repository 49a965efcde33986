"""People who work on and never give up: `python -m tests.faults.movers < job.json`.

Each thread takes a request through its life with one session of each person, over HTTP: registered through the API,
then signed, contacted, reported and approved on the pages. Where no answer comes, the very same step is sent again,
with the version of the row that was looked at: so it is either taken, or refused as taken already. Every step that is
known to be taken is one line on standard output, `<case> <step> <tries>`. A process of its own, so that the test's
process has one thread and may start and kill others.
"""

import http.client
import json
import sys
import threading
import time
from functools import partial
from urllib.parse import urlencode, urlsplit

import psycopg

TIMEOUT = 15  # seconds for one answer
PAUSE = 0.15  # seconds between tries
TOKEN = "a" * 32  # of the form; a browser would have read it from the page
NEXT = {
    "pending_sign": ("sign", "community_secretary", {}),
    "handling": ("contact", "community_secretary", {"way": "phone", "result": "reached", "note": "已联系"}),
    "contacted": ("report", "community_secretary", {"text": "纸箱已清走，楼道通畅。", "told_way": "phone"}),
    "street": ("approve", "reviewer", {"opinion": "同意"}),
    "district": ("approve", "district_reviewer", {"opinion": "同意"}),
}
STATE = """
SELECT w.id, w.row_version, CASE WHEN w.state = 'handling' AND w.contacted_at IS NOT NULL THEN 'contacted'
  WHEN w.state = 'under_review' THEN CASE u.kind WHEN 'centre' THEN 'district' ELSE 'street' END ELSE w.state END
  FROM intake_case c JOIN dispatch_workorder w ON w.case_id = c.id LEFT JOIN grid_unit u ON u.id = w.review_unit_id
 WHERE c.number = %s AND w.state IN ('pending_sign', 'handling', 'under_review')
"""


class Mover:
    """One thread's way through the lives it takes on."""

    def __init__(self, job: dict, until: float, say):
        self.job, self.until, self.say = job, until, say
        self.address = urlsplit(job["url"])

    def live(self, key: str, body: dict) -> None:
        """Take one request from its registration to its end."""
        tries, number = self.insist(partial(self.register, key, body))
        self.say(number, "register", tries)
        while time.monotonic() < self.until:
            row = self.look(number)
            if row is None:
                return
            if row:
                order, version, state = row
                step, who, given = NEXT[state]
                tries, _taken = self.insist(partial(self.step, order, step, who, given | {"row_version": version}))
                self.say(number, step, tries)
            time.sleep(PAUSE)

    def insist(self, attempt):
        """Try until there is an answer; return the tries and what it was."""
        tries = 0
        while time.monotonic() < self.until:
            tries += 1
            if (found := attempt()) is not None:
                return tries, found
            time.sleep(PAUSE)
        raise SystemExit("the time is over")

    def register(self, key: str, body: dict) -> str | None:
        """Send the request once; return its number when it was accepted."""
        headers = self.job["headers"] | {"Idempotency-Key": key}
        status, content = self.send("/api/v1/cases", json.dumps(body), headers)
        return json.loads(content)["number"] if status in (200, 201) else self.refused(status, content)

    def step(self, order: int, step: str, who: str, given: dict) -> bool | None:
        """Take a step once; True when it was taken now or, by an earlier try, before."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.job['sessions'][who]}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        status, content = self.send(f"/dispatch/work-orders/{order}/{step}/", urlencode(given), headers)
        return True if status in (302, 409) else self.refused(status, content)

    def refused(self, status: int, content: bytes) -> None:
        """A refusal will not turn into an acceptance; without an answer there is another try."""
        if 400 <= status < 500:
            raise SystemExit(f"{status} {content[:300]!r}")

    def send(self, path: str, body: str, headers: dict) -> tuple[int, bytes]:
        """Return status and body; status 0 when there was no answer."""
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=TIMEOUT)
        try:
            connection.request("POST", path, body.encode(), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def look(self, number: str) -> tuple | None:
        """Return the step that is due; empty while nothing is, None when the case has ended."""
        try:
            with psycopg.connect(self.job["database"]) as connection:
                if rows := connection.execute(STATE, [number]).fetchall():
                    return rows[0]
                ended = "SELECT closed_at IS NOT NULL FROM intake_case WHERE number = %s"
                (is_over,) = connection.execute(ended, [number]).fetchone()
                return None if is_over else ()
        except psycopg.OperationalError:
            return ()


def main() -> None:
    """Live all lives of the job over several threads, until all have ended or the time is over."""
    job = json.load(sys.stdin)
    lives, lock = iter(job["lives"]), threading.Lock()
    until = time.monotonic() + job["seconds"]

    def say(*words) -> None:
        with lock:
            print(*words, flush=True)

    def work() -> None:
        mover = Mover(job, until, say)
        while time.monotonic() < until:
            with lock:
                life = next(lives, None)
            if life is None:
                return
            mover.live(*life)

    threads = [threading.Thread(target=work) for _ in range(job["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()

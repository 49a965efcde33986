"""200 cases come in while the worker, then the database, is killed three times."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from bench.stack import Stack, running
from shenzhen_gov.launcher.paths import ROOT

CASES = 200
KILLS_AFTER = (30, 80, 130)  # accepted cases
SENDING_ENDS = 60  # seconds
DISPATCH_ENDS = 75  # seconds: the sweep comes every minute

pytestmark = pytest.mark.slow


def send_while_killing(city, stack: Stack, folder) -> dict[str, str]:
    """Return key → number of every accepted case."""
    job = {
        "url": f"{stack.url}/api/v1/cases", "headers": city.headers, "threads": 8, "seconds": SENDING_ENDS,
        "cases": [(f"case-{number}", city.body(number)) for number in range(CASES)],
    }  # fmt: skip
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    lines = folder / "accepted.txt"
    with (folder / "job.json").open() as given, lines.open("w") as told:
        clients = subprocess.Popen([sys.executable, "-m", "tests.faults.clients"], cwd=ROOT, stdin=given, stdout=told)
    kills = list(KILLS_AFTER)
    until = time.monotonic() + SENDING_ENDS + 20
    while clients.poll() is None and time.monotonic() < until:
        if kills and len(lines.read_text().splitlines()) >= kills[0]:
            kills.pop(0)
            stack.kill("worker")
            stack.tick()
            stack.kill("postgres")
        stack.tick()
    if clients.poll() is None:
        clients.kill()
    assert clients.wait() == 0
    rows = [line.split() for line in lines.read_text().splitlines()]
    return {key: number for key, _status, number, _tries in rows}


def wait_until_dispatched(city, stack: Stack) -> None:
    """Supervise until no case waits any more; the sweep finds what no message woke the worker for."""
    until = time.monotonic() + DISPATCH_ENDS
    waiting = "SELECT count(*) FROM intake_case WHERE state = 'awaiting_dispatch'"
    while city.one(waiting) and time.monotonic() < until:
        stack.tick(0.2)


def test_no_accepted_case_is_lost_or_dispatched_twice_when_worker_and_database_are_killed(city, tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(city.folder))  # where the launcher's functions write
    last = city.one("SELECT coalesce(max(id), 0) FROM intake_case")
    with running(city.env, city.folder, names=("worker", "beat"), cluster=city.cluster) as stack:
        accepted = send_while_killing(city, stack, tmp_path)
        wait_until_dispatched(city, stack)

    deaths = [text.split()[0] for text in stack.said if "killed by SIGKILL" in text]
    assert (deaths.count("worker"), deaths.count("postgres")) == (3, 3)
    assert len(accepted) == CASES
    require_each_case_once(city, accepted, last)
    require_one_active_lead_each(city, last)
    require_nothing_twice(city)
    require_one_clock_of_a_kind(city, last)
    city.run("manage.py", "verify_audit", "--python")


def require_each_case_once(city, accepted: dict[str, str], last: int) -> None:
    """Every key leads to the case its client was told, and there is no other new case."""
    stored = city.rows(
        "SELECT k.key, c.number FROM intake_idempotencykey k JOIN intake_case c ON c.id = k.case_id"
        " WHERE k.key LIKE 'case-%'"
    )
    assert dict(stored) == accepted
    assert len(set(accepted.values())) == CASES
    assert city.one("SELECT count(*) FROM intake_case WHERE id > %s", last) == CASES


def require_one_active_lead_each(city, last: int) -> None:
    """Every case is in handling, with one active lead work order."""
    counts = city.rows(
        "SELECT c.state, count(w.id) FILTER (WHERE w.role = 'lead' AND w.state IN"
        " ('pending_sign', 'handling', 'under_review')) AS leads FROM intake_case c"
        " LEFT JOIN dispatch_workorder w ON w.case_id = c.id WHERE c.id > %s GROUP BY c.id",
        last,
    )
    assert len(counts) == CASES
    assert set(counts) == {("in_handling", 1)}


def require_nothing_twice(city) -> None:
    """No case was decided or given to a unit a second time, and no audit entry says so."""
    for table in ("dispatch_workorder", "dispatch_decision", "dispatch_round"):
        per_case = f"SELECT count(*) AS n FROM {table} GROUP BY case_id"  # noqa: S608 - a name from the line above
        most = city.one(f"SELECT max(n) FROM ({per_case}) AS counts")  # noqa: S608
        assert (table, most) == (table, 1)
    told = "SELECT count(*), count(DISTINCT object_id) FROM core_auditentry WHERE action = 'case.dispatched'"
    ((entries, cases),) = city.rows(told)
    assert entries == cases


def require_one_clock_of_a_kind(city, last: int) -> None:
    """Every case has its four clocks running, each once."""
    kinds = city.rows(
        "SELECT kind, count(*), count(DISTINCT case_id) FROM dispatch_clock WHERE case_id > %s"
        " GROUP BY kind ORDER BY kind",
        last,
    )
    assert kinds == [(kind, CASES, CASES) for kind in ("first_contact", "handling", "overall", "sign")]
